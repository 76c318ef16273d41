//! Every way to get somebody in.

use yew::prelude::*;

use super::big_words::big_words;
use super::button::{Button, Weight};
use super::copy_button::{Copies, CopyButton};
use super::icon::Glyph;
use super::qr::Qr;
use super::secret_note::secret_note;
use super::sheet::{Place, Sheet};
use crate::handle::Handle;
use crate::state::Page;
use crate::words::{fill, words};

/// What [`InviteSheet`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct InviteSheetProps {
    /// It asks to be closed.
    pub onclose: Callback<()>,
}

/// Link, QR code, the system's share sheet, words to say.
#[component]
pub fn InviteSheet(props: &InviteSheetProps) -> Html {
    let words = words();
    let handle = use_context::<Handle>();
    let page = use_context::<Page>().unwrap_or_default();
    let shows_link = use_state_eq(|| false);
    let reads = use_state_eq(|| false);
    let toggle = |state: &UseStateHandle<bool>| {
        let state = state.clone();
        Callback::from(move |_: MouseEvent| state.set(!*state))
    };
    let Some(link) = handle.as_ref().and_then(Handle::link) else {
        return Html::default();
    };
    let can_share = handle.as_ref().is_some_and(Handle::can_share);
    let name = handle
        .as_ref()
        .and_then(Handle::room_name)
        .filter(|_| *reads);
    let share = Callback::from(move |_: MouseEvent| {
        if let Some(handle) = &handle {
            handle.share();
        }
    });
    let link_label = if *shows_link {
        words.hide_link
    } else {
        words.show_link
    };
    html! {
        <Sheet title={words.invite_title} place={Place::Middle} onclose={props.onclose.clone()}>
            <div class="share">
                <div class="share-part share-qr">
                    <Qr text={link.clone()} />
                    <p class="soft small">{ words.share_qr_note }</p>
                </div>
                <div class="share-buttons">
                    <CopyButton weight={Weight::Primary} copies={Copies::Link} label={words.copy_link} />
                    if can_share {
                        <Button glyph={Glyph::Share} onclick={share}>{ words.share_button }</Button>
                    }
                    <Button glyph={Glyph::Speak} onclick={toggle(&reads)}>{ words.read_aloud }</Button>
                    <Button glyph={Glyph::Link} onclick={toggle(&shows_link)}>{ link_label }</Button>
                </div>
                if *shows_link {
                    <code class="share-link" dir="ltr">{ &link }</code>
                }
                if let Some(name) = name {
                    <div class="share-part">
                        { big_words(&name, true) }
                        <p class="soft small">{ fill(words.share_words_note, &[("host", &page.host)]) }</p>
                    </div>
                }
                { secret_note(&link) }
                <p class="share-limit">{ words.share_limit }</p>
            </div>
        </Sheet>
    }
}
