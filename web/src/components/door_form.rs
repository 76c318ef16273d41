//! The form of the first screen.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::door_rules;
use super::guessable_box::guessable_box;
use super::icon::{Glyph, icon};
use super::nickname_field::NicknameField;
use super::paste_link::PasteLink;
use super::room_name_field::RoomNameField;
use super::room_options::RoomOptions;
use crate::handle::Handle;
use crate::state::{Door, Options};
use crate::words::words;

/// What [`DoorForm`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct DoorFormProps {
    /// The screen's data.
    pub door: Door,
    /// The name that the drawn key should follow.
    pub oncut: Callback<AttrValue>,
}

/// Room name, your name, options, one button.
#[component]
pub fn DoorForm(props: &DoorFormProps) -> Html {
    let words = words();
    let handle = use_context::<Handle>();
    let typed = {
        let handle = handle.clone();
        use_state_eq(move || {
            handle
                .map(|handle| handle.suggest_room_name())
                .unwrap_or_default()
        })
    };
    // Of a name that was made up here a moment ago it is known that nobody is inside.
    let fresh = {
        let typed = (*typed).clone();
        use_state_eq(move || typed)
    };
    let your_name = use_state_eq(|| props.door.suggested_name.clone());
    {
        // The suggestion may come a moment after the first drawing; it never replaces a choice.
        let your_name = your_name.clone();
        use_effect_with(props.door.suggested_name.clone(), move |suggested| {
            if your_name.is_empty() {
                your_name.set(suggested.clone());
            }
        });
    }
    let options = use_state_eq(Options::default);
    let second = use_state_eq(String::new);
    let hidden = use_state_eq(|| false);
    let tried = use_state_eq(|| false);
    let verdict = handle
        .as_ref()
        .map(|handle| handle.look(&typed))
        .unwrap_or_default();
    let is_guessable = door_rules::is_guessable(&verdict);
    {
        let oncut = props.oncut.clone();
        let cut = if *hidden {
            String::new()
        } else {
            (*typed).clone()
        };
        use_effect_with(cut, move |cut| oncut.emit(AttrValue::from(cut.clone())));
    }
    let ontyped = {
        let (typed, tried, handle) = (typed.clone(), tried.clone(), handle.clone());
        Callback::from(move |text: String| {
            tried.set(false);
            if let Some(handle) = &handle
                && door_rules::is_followable(&handle.look(&text))
            {
                handle.follow(text);
                return;
            }
            typed.set(text);
        })
    };
    let onsubmit = {
        let (typed, your_name, tried) = (typed.clone(), your_name.clone(), tried.clone());
        let (handle, verdict, options) = (handle.clone(), verdict.clone(), *options);
        let (is_fresh, second) = (*fresh == *typed, second.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(handle) = &handle else { return };
            if verdict.pasted.is_some() {
                handle.follow((*typed).clone());
            } else if door_rules::may_go(&verdict, *tried)
                && handle.name_trouble(&your_name).is_none()
            {
                let (typed, second) = ((*typed).clone(), (*second).clone());
                handle.open_room(typed, is_fresh, (*your_name).clone(), second, options);
            } else {
                tried.set(true);
            }
        })
    };
    let suggest = {
        let (fresh, ontyped, handle) = (fresh.clone(), ontyped.clone(), handle.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                let name = handle.suggest_room_name();
                fresh.set(name.clone());
                ontyped.emit(name);
            }
        })
    };
    let add_words = {
        let (typed, ontyped) = (typed.clone(), ontyped.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                ontyped.emit(handle.add_words(&typed));
            }
        })
    };
    let trouble = door_rules::trouble(&verdict, *tried);
    html! {
        <form class="join-form card" {onsubmit} novalidate={true}>
            if let Some(notice) = &props.door.notice {
                <p class="warning-box" role="status">{ icon(Glyph::Info) }<span>{ notice }</span></p>
            }
            <RoomNameField
                typed={(*typed).clone()}
                {verdict}
                {ontyped}
                onsuggest={suggest}
                hidden={*hidden}
                onhide={setter(&hidden)}
                trouble={trouble.map(AttrValue::from)}
            />
            if is_guessable {
                { guessable_box(add_words) }
            }
            <NicknameField name={(*your_name).clone()} onname={setter(&your_name)} tried={*tried} />
            <RoomOptions options={*options} onoptions={setter(&options)} second={(*second).clone()} onsecond={setter(&second)} />
            <div class="join-actions">
                <Button
                    weight={if is_guessable && *tried { Weight::Brass } else { Weight::Primary }}
                    class="button-wide button-large"
                    submits={true}
                >
                    { if is_guessable && *tried { words.enter_anyway } else { words.open_room } }
                </Button>
                <PasteLink />
            </div>
        </form>
    }
}

fn setter<T: PartialEq + 'static>(state: &UseStateHandle<T>) -> Callback<T> {
    let state = state.clone();
    Callback::from(move |value| state.set(value))
}
