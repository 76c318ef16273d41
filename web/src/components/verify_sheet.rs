//! Compare with somebody over another channel.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::icon::{Glyph, icon};
use super::sheet::{Place, Sheet};
use crate::handle::Handle;
use crate::state::Person;
use crate::words::{fill, life};

/// What [`VerifySheet`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct VerifySheetProps {
    /// Whom to compare with.
    pub person: Person,
    /// They were compared with before.
    pub verified: bool,
    /// It asks to be closed.
    pub onclose: Callback<()>,
}

/// Five pictures that both see, and what they were found to be.
#[component]
pub fn VerifySheet(props: &VerifySheetProps) -> Html {
    let life = life();
    let handle = use_context::<Handle>();
    let differs = use_state_eq(|| false);
    let id = props.person.id;
    let Some(pictures) = handle.as_ref().and_then(|handle| handle.safety(id)) else {
        return Html::default();
    };
    let say = |verified: bool| {
        let (handle, onclose) = (handle.clone(), props.onclose.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                handle.verified(id, verified);
            }
            onclose.emit(());
        })
    };
    let no = {
        let (handle, differs) = (handle.clone(), differs.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                handle.verified(id, false);
            }
            differs.set(true);
        })
    };
    html! {
        <Sheet title={fill(life.verify_title, &[("name", &props.person.name)])} place={Place::Middle} onclose={props.onclose.clone()}>
            <div class="card-sheet">
                <p class="soft">{ life.verify_text }</p>
                <ul class="pictures">
                    { for pictures.into_iter().map(|(emoji, word)| html! {
                        <li><span class="picture" aria-hidden="true">{ emoji }</span><span class="small">{ word }</span></li>
                    }) }
                </ul>
                if *differs {
                    <p class="warning-box" role="alert">{ icon(Glyph::Warning) }<span>{ life.verify_never }</span></p>
                }
                <div class="warn-actions">
                    if props.verified {
                        <Button onclick={say(false)}>{ life.unverify }</Button>
                    } else {
                        <Button weight={Weight::Primary} glyph={Glyph::Check} onclick={say(true)}>{ life.verify_yes }</Button>
                        <Button weight={Weight::Danger} onclick={no}>{ life.verify_no }</Button>
                    }
                </div>
            </div>
        </Sheet>
    }
}
