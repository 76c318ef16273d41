//! What a message answers, with a way there.

use text::Filters;
use yew::prelude::*;

use super::excerpt::excerpt;
use super::icon::{Glyph, icon};
use crate::cleaner::Cleaner;
use crate::contexts::Dispatch;
use crate::state::{Action, Quote};
use crate::words::talk;

/// What [`QuoteView`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct QuoteViewProps {
    /// The quote.
    pub quote: Quote,
    /// The filters.
    pub filters: Filters,
}

/// One line of the answered message; pressed, it comes into view.
#[component]
pub fn QuoteView(props: &QuoteViewProps) -> Html {
    let cleaner = use_context::<Cleaner>().unwrap_or_default();
    let dispatch = use_context::<Dispatch>();
    let quote = &props.quote;
    let text = excerpt(quote.text.as_ref(), &cleaner, &props.filters);
    let shown = html! {
        <>
            { icon(Glyph::Reply) }
            if !quote.name.is_empty() {
                <bdi class="quote-name">{ &quote.name }</bdi>
            }
            <bdi class="quote-text">{ text }</bdi>
        </>
    };
    let Some(line) = quote.line else {
        return html! { <p class="quote">{ shown }</p> };
    };
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(dispatch) = &dispatch {
            dispatch.dispatch(Action::GoTo(line));
        }
    });
    html! {
        <button type="button" class="quote" title={talk().go_to_quoted} {onclick}>{ shown }</button>
    }
}
