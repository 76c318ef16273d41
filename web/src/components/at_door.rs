//! What is behind the door, and the button that goes through it.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::clock::{left, use_now};
use super::face::face_view;
use super::focus::use_focus;
use super::icon::{Glyph, icon};
use super::page::Page;
use super::secret_doubt::SecretDoubtProps;
use crate::handle::Handle;
use crate::later;
use crate::state::{Behind, Making, Mode};
use crate::words::{count, fill, life, words};

/// What [`AtDoor`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct AtDoorProps {
    /// The screen's data.
    pub making: Making,
    /// What is behind the door.
    pub behind: Behind,
}

/// The door. Nobody inside has been told of the person in front of it.
#[component]
pub fn AtDoor(props: &AtDoorProps) -> Html {
    let life = life();
    let behind = &props.behind;
    let handle = use_context::<Handle>();
    let (heading, nowhere) = (use_node_ref(), use_node_ref());
    // With a doubt the keyboard belongs in its field.
    use_focus(if behind.doubt.is_some() {
        &nowhere
    } else {
        &heading
    });
    let now = use_now(behind.closes_at.is_some());
    let press = |action: fn(&Handle)| {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                action(handle);
            }
        })
    };
    let people = usize::try_from(behind.people).unwrap_or(usize::MAX);
    let (title, note, label) = if behind.doubt.is_some() {
        (
            life.secret_wrong.to_owned(),
            life.secret_wrong_note.to_owned(),
            String::new(),
        )
    } else if people == 0 {
        let (title, note, label) = (life.door_empty, life.door_empty_note, life.door_open);
        (title.to_owned(), note.to_owned(), label.to_owned())
    } else {
        (
            count(people, life.door_people_one, life.door_people_many),
            facts(behind, now),
            count(people, life.door_join_one, life.door_join_many),
        )
    };
    html! {
        <Page>
            <div class="invited card">
                <div class="invited-top">
                    <div class="invited-face">
                        if let Some(face) = &props.making.face {
                            { face_view(face, true) }
                        }
                    </div>
                    <h1 ref={heading} tabindex="-1">{ title }</h1>
                    <p class="invited-name" dir="auto">{ &props.making.masked }</p>
                    <p class="soft">{ note }</p>
                </div>
                if behind.differs {
                    <p class="warning-box">{ icon(Glyph::Warning) }<span>{ life.door_differs }</span></p>
                }
                if let Some(doubt) = &behind.doubt {
                    { later::secret_doubt(SecretDoubtProps { doubt: doubt.clone() }) }
                } else {
                <div class="invited-actions">
                    <Button weight={Weight::Primary} class="button-wide button-large" onclick={press(Handle::enter)}>{ label }</Button>
                    <Button weight={Weight::Quiet} class="button-wide" onclick={press(Handle::cancel)}>{ words().cancel }</Button>
                </div>
                }
                <p class="invited-foot" role="status">{ if behind.goes { life.door_goes } else { life.door_waits } }</p>
            </div>
        </Page>
    }
}

/// "Newcomers see the last 35. Closes in 42:10."
fn facts(behind: &Behind, now: std::time::Duration) -> String {
    let mode = match behind.mode {
        Some(Mode::OpenHistory { last }) => {
            fill(life().door_mode_open, &[("n", &last.to_string())])
        }
        _ => life().door_mode_secret.to_owned(),
    };
    match behind.closes_at {
        None => mode,
        Some(at) => {
            let rest = left(at.saturating_sub(now));
            format!("{mode} {}", fill(life().door_closes, &[("t", &rest)]))
        }
    }
}
