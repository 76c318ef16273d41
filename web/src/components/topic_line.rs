//! What the room is about.

use std::rc::Rc;

use yew::prelude::*;

use super::excerpt::excerpt;
use crate::cleaner::Cleaner;
use crate::shared::Shared;
use crate::state::{Settings, Talk, Wording};
use crate::words::talk;

/// The topic in one line, cleaned like any message; nothing where there is none.
#[component]
pub fn TopicLine() -> Html {
    let talking = use_context::<Shared<Talk>>().unwrap_or_default();
    let cleaner = use_context::<Cleaner>().unwrap_or_default();
    let filters = use_context::<Shared<Settings>>()
        .unwrap_or_default()
        .filters;
    let topic: Option<Rc<str>> = talking.topic.as_deref().map(Rc::from);
    let Some(topic) = topic else {
        return Html::default();
    };
    let text = excerpt(Some(&Wording::plain(&topic)), &cleaner, &filters);
    html! { <p class="topic" dir="auto"><span class="only-spoken">{ talk().topic }</span>{ text }</p> }
}
