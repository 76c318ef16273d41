//! Whom the next message is for. It always says so, in words, with an icon and with a border of its own.

use yew::prelude::*;

use super::icon::{Glyph, icon};
use super::sheet::{Place, Sheet};
use super::tag::tag_badge;
use crate::contexts::Dispatch;
use crate::shared::Shared;
use crate::state::{Action, People, Whom};
use crate::words::{fill, talk};

/// What [`ScopeChip`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct ScopeChipProps {
    /// Whom alone; `None`: everybody.
    pub scope: Option<Whom>,
}

/// The chip; pressed, it lets one choose.
#[component]
pub fn ScopeChip(props: &ScopeChipProps) -> Html {
    let words = talk();
    let people = use_context::<Shared<People>>().unwrap_or_default();
    let dispatch = use_context::<Dispatch>();
    let is_open = use_state_eq(|| false);
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let close = {
        let is_open = is_open.clone();
        Callback::from(move |()| is_open.set(false))
    };
    let choose = |whom: Option<crate::state::PersonId>| {
        let (dispatch, is_open) = (dispatch.clone(), is_open.clone());
        Callback::from(move |_: MouseEvent| {
            is_open.set(false);
            if let Some(dispatch) = &dispatch {
                dispatch.dispatch(Action::SpeakTo(whom));
            }
        })
    };
    let chosen = props.scope.as_ref().map(|scope| scope.id);
    let is_gone = chosen.is_some_and(|id| people.find(id).is_none());
    let (class, glyph, label) = match &props.scope {
        None => ("scope", Glyph::People, words.scope_everyone.to_owned()),
        Some(whom) => (
            "scope scope-private",
            Glyph::Lock,
            fill(words.scope_only, &[("name", &whom.name)]),
        ),
    };
    html! {
        <>
            <button
                type="button"
                {class}
                data-scope={chosen.map_or_else(|| "everyone".to_owned(), |id| id.key())}
                aria-haspopup="dialog"
                title={words.scope_change}
                onclick={toggle}
            >
                { icon(glyph) }
                <span class="only-spoken">{ words.scope_to }</span>
                <bdi class="scope-name">{ label }</bdi>
                if let Some(whom) = &props.scope {
                    { tag_badge(&whom.tag, false) }
                }
                if is_gone {
                    <span class="badge badge-brass">{ words.scope_gone }</span>
                }
            </button>
            if *is_open {
                <Sheet title={words.scope_title} place={Place::Middle} onclose={close}>
                    <ul class="scope-list">
                        <li key="all">
                            <button type="button" class="scope-choice" aria-pressed={chosen.is_none().to_string()} onclick={choose(None)}>
                                { icon(Glyph::People) }<span>{ words.scope_everyone }</span>
                            </button>
                        </li>
                        { for people.list().iter().filter(|person| !person.me).map(|person| html! {
                            <li key={person.id.key()}>
                                <button type="button" class="scope-choice" aria-pressed={(chosen == Some(person.id)).to_string()} onclick={choose(Some(person.id))}>
                                    { icon(Glyph::Lock) }<bdi>{ &person.name }</bdi>{ tag_badge(&person.tag, person.twin) }
                                </button>
                            </li>
                        }) }
                    </ul>
                    <p class="small">{ words.scope_note }</p>
                </Sheet>
            }
        </>
    }
}
