//! Somebody came by a link: one name, one button, and nothing sent before it is pressed.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::face::{face_view, spoken};
use super::focus::use_focus;
use super::icon::{Glyph, icon};
use super::masked_name::MaskedName;
use super::nickname_field::NicknameField;
use super::page::Page;
use super::ring::ring;
use super::secret_field::SecretField;
use crate::handle::Handle;
use crate::state::Invited;
use crate::words::{fill, life, words};

/// What [`InvitedScreen`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct InvitedScreenProps {
    /// The screen's data.
    pub invited: Invited,
}

/// The link recipient's screen.
#[component]
pub fn InvitedScreen(props: &InvitedScreenProps) -> Html {
    let words = words();
    let invited = &props.invited;
    let handle = use_context::<Handle>();
    let heading = use_node_ref();
    use_focus(&heading);
    let your_name = use_state_eq(|| invited.suggested_name.clone());
    let tried = use_state_eq(|| false);
    let asks = invited.second;
    let second = use_state_eq(String::new);
    let onsecond = {
        let second = second.clone();
        Callback::from(move |text: String| second.set(text))
    };
    let is_missing = *tried && asks && !handle.as_ref().is_some_and(|it| it.is_secret(&second));
    let onname = {
        let your_name = your_name.clone();
        Callback::from(move |name: String| your_name.set(name))
    };
    let onsubmit = {
        let (handle, your_name, tried) = (handle.clone(), your_name.clone(), tried.clone());
        let second = second.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match &handle {
                Some(handle)
                    if handle.name_trouble(&your_name).is_none()
                        && (!asks || handle.is_secret(&second)) =>
                {
                    handle.join((*your_name).clone(), (*second).clone())
                }
                _ => tried.set(true),
            }
        })
    };
    let decline = Callback::from(move |_: MouseEvent| {
        if let Some(handle) = &handle {
            handle.decline();
        }
    });
    html! {
        <Page>
            <form class="invited card" {onsubmit} novalidate={true}>
                <div class="invited-top">
                    <div class="invited-face">
                        if let Some(face) = &invited.face {
                            { face_view(face, true) }
                        } else if asks {
                            <span class="ending-mark ending-mark-calm">{ icon(Glyph::Lock) }</span>
                        } else {
                            { ring(Some(invited.progress.share()), false) }
                        }
                    </div>
                    <h1 ref={heading} tabindex="-1">{ words.invited_headline }</h1>
                    <p class="invited-name"><MaskedName masked={invited.masked.clone()} /></p>
                    <p class="soft small invited-hint" role="status">
                        { match &invited.face {
                            Some(face) => fill(words.invited_face, &[("faces", &spoken(face))]),
                            None if asks => life().secret_first.to_owned(),
                            None => words.invited_face_soon.to_owned(),
                        } }
                    </p>
                </div>
                if invited.guessable {
                    <p class="warning-box">{ icon(Glyph::Warning) }<span>{ words.guessable_badge_long }{ "." }</span></p>
                }
                <NicknameField name={(*your_name).clone()} {onname} tried={*tried} />
                if asks {
                    <SecretField
                        label={life().secret_label}
                        value={(*second).clone()}
                        ontext={onsecond}
                        trouble={is_missing.then_some(AttrValue::from(life().secret_missing))}
                    />
                }
                <div class="invited-actions">
                    <Button weight={Weight::Primary} class="button-wide button-large" submits={true}>{ words.join }</Button>
                    <Button weight={Weight::Quiet} class="button-wide" onclick={decline}>{ words.not_now }</Button>
                </div>
                <p class="invited-foot">
                    { words.invited_promise }
                    if invited.pinned {
                        { " " }{ words.invited_pinned }
                    }
                </p>
            </form>
        </Page>
    }
}
