//! Nobody else is here yet: the room's first job is to get the second person in.

use yew::prelude::*;

use super::big_words::big_words;
use super::button::{Button, Weight};
use super::copy_button::{Copies, CopyButton};
use super::face::face_view;
use super::icon::Glyph;
use super::secret_note::secret_note;
use crate::handle::Handle;
use crate::shared::Shared;
use crate::state::{Leaps, RoomCard};
use crate::words::{leap, words};

/// What [`EmptyRoom`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct EmptyRoomProps {
    /// The QR code and the other ways were asked for.
    pub oninvite: Callback<()>,
}

/// The card of an empty room.
#[component]
pub fn EmptyRoom(props: &EmptyRoomProps) -> Html {
    let words = words();
    let handle = use_context::<Handle>();
    let Some(card) = use_context::<Shared<RoomCard>>() else {
        return Html::default();
    };
    // Those who were asked along are told by themselves; everybody else is not meant to know.
    let leaps = use_context::<Shared<Leaps>>().is_some_and(|leaps| !leaps.party.is_empty());
    let can_share = handle.as_ref().is_some_and(Handle::can_share);
    // Whoever opened the room has just seen its name; whoever came by a link has not.
    let name = handle
        .as_ref()
        .and_then(Handle::room_name)
        .filter(|_| card.opened_by_me && !leaps);
    let link = handle.as_ref().and_then(Handle::link).unwrap_or_default();
    let share = Callback::from(move |_: MouseEvent| {
        if let Some(handle) = &handle {
            handle.share();
        }
    });
    let more = props.oninvite.reform(|_: MouseEvent| ());
    html! {
        <section class="empty card">
            { face_view(&card.face, true) }
            <h2>{ words.empty_headline }</h2>
            <p class="soft">{ match name {
                _ if leaps => leap().empty_text,
                Some(_) => words.empty_text,
                None => words.empty_text_link,
            } }</p>
            if let Some(name) = name {
                { big_words(&name, false) }
            }
            { secret_note(&link) }
            if !leaps {
            <div class="share-buttons">
                <CopyButton weight={Weight::Primary} copies={Copies::Link} label={words.copy_link} />
                <Button glyph={Glyph::Qr} onclick={more.clone()}>{ words.show_qr }</Button>
                if can_share {
                    <Button glyph={Glyph::Share} onclick={share}>{ words.share_button }</Button>
                }
                <Button glyph={Glyph::Speak} onclick={more}>{ words.read_aloud }</Button>
            </div>
            }
            <p class="empty-wait" role="status"><span class="pulse" aria-hidden="true" />{ words.empty_wait }</p>
        </section>
    }
}
