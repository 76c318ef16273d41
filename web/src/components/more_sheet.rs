//! Everything that can be done in a room and has no button of its own on the screen.

use std::time::Duration;

use client::Body;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::button::Button;
use super::choices::{Choice, Choices};
use super::icon::{Glyph, icon};
use super::room_screen::Panel;
use super::sheet::{Place, Sheet};
use crate::contexts::Dispatch;
use crate::handle::Handle;
use crate::shared::Shared;
use crate::state::{Action, Talk};
use crate::words::{leap, talk};

/// The longest topic that the field takes, in UTF-16 units.
const TOPIC: &str = "200";

/// What [`MoreSheet`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct MoreSheetProps {
    /// What is sent goes this long after it was read.
    pub timer: Option<Duration>,
    /// Another time was chosen.
    pub ontimer: Callback<Option<Duration>>,
    /// Something else should be opened.
    pub onpanel: Callback<Panel>,
    /// It asks to be closed.
    pub onclose: Callback<()>,
}

/// The sheet.
#[component]
pub fn MoreSheet(props: &MoreSheetProps) -> Html {
    let words = talk();
    let dispatch = use_context::<Dispatch>();
    let open = |glyph: Glyph, label: &'static str, panel: Panel| {
        let onclick = props.onpanel.reform(move |_: MouseEvent| panel);
        html! { <li><button type="button" class="more-row" {onclick}>{ icon(glyph) }{ label }</button></li> }
    };
    let clear = {
        let onclose = props.onclose.clone();
        Callback::from(move |_: MouseEvent| {
            onclose.emit(());
            if let Some(dispatch) = &dispatch {
                dispatch.dispatch(Action::ClearLog);
            }
        })
    };
    let times = times();
    let chosen = times
        .iter()
        .position(|(time, _)| *time == props.timer)
        .unwrap_or(times.len());
    let choices: Vec<_> = times
        .iter()
        .map(|(_, title)| Choice {
            title: AttrValue::Static(title),
            note: AttrValue::default(),
        })
        .collect();
    let onchoose = props.ontimer.reform(move |at: usize| times[at].0);
    html! {
        <Sheet title={words.more} place={Place::Middle} onclose={props.onclose.clone()}>
            <div class="settings">
                <ul class="more-list">
                    { open(Glyph::Search, words.search, Panel::Search) }
                    { open(Glyph::In, words.export, Panel::Export) }
                    { open(Glyph::Again, leap().open, Panel::Leap) }
                    { open(Glyph::Sliders, words.settings, Panel::Settings) }
                    { open(Glyph::Info, words.help, Panel::Help) }
                    <li><button type="button" class="more-row" onclick={clear}>{ icon(Glyph::Close) }{ words.clear }</button></li>
                </ul>
                <Choices legend={words.timer} name="timer" {choices} {chosen} {onchoose} />
                <TopicField onclose={props.onclose.clone()} />
            </div>
        </Sheet>
    }
}

fn times() -> [(Option<Duration>, &'static str); 5] {
    let words = talk();
    let after = |seconds| Some(Duration::from_secs(seconds));
    [
        (None, words.timer_never),
        (after(30), words.timer_half_minute),
        (after(300), words.timer_five_minutes),
        (after(3_600), words.timer_hour),
        (after(86_400), words.timer_day),
    ]
}

/// What [`TopicField`] takes.
#[derive(Clone, PartialEq, Properties)]
struct TopicFieldProps {
    onclose: Callback<()>,
}

/// What the room is about, to be said anew.
#[component]
fn TopicField(props: &TopicFieldProps) -> Html {
    let words = talk();
    let handle = use_context::<Handle>();
    let topic = use_context::<Shared<Talk>>().and_then(|talk| talk.topic.clone());
    let field = use_node_ref();
    let onsubmit = {
        let (field, onclose) = (field.clone(), props.onclose.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text = field.cast::<HtmlInputElement>().map(|field| field.value());
            if let (Some(handle), Some(text)) = (&handle, text) {
                // A line of this length is never refused.
                let _ = handle.post(Body::Topic(text.trim().to_owned()), None);
                onclose.emit(());
            }
        })
    };
    html! {
        <form class="more-topic" {onsubmit}>
            <label class="field-label" for="topic">{ words.topic_field }</label>
            <div class="more-topic-row">
                <div class="field-box"><input ref={field} id="topic" class="field-input" maxlength={TOPIC} dir="auto" autocomplete="off" value={topic.unwrap_or_default()} /></div>
                <Button submits=true>{ words.topic_save }</Button>
            </div>
        </form>
    }
}
