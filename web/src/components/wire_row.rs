//! One record on the wire.

use std::rc::Rc;

use yew::prelude::*;

use super::bytes_text::{Layer, Notation};
use super::icon::{Glyph, icon};
use super::icon_button::IconButton;
use crate::handle::Handle;
use crate::state::{Direction, FrameSeen, WireRecord};
use crate::words::{Words, files, fill, words};

/// More bytes than this are copied whole but not drawn.
const DRAWN: usize = 1_536;

/// What [`WireRow`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct WireRowProps {
    /// The record.
    pub record: Rc<WireRecord>,
    /// At which point it is looked at.
    pub layer: Layer,
    /// How bytes are written.
    pub notation: Notation,
    /// Says in words what it is for.
    pub explains: bool,
}

/// Direction, size, purpose, bytes.
#[component]
pub fn WireRow(props: &WireRowProps) -> Html {
    let words = words();
    let record = &props.record;
    let handle = use_context::<Handle>();
    let (class, glyph, way) = match record.direction {
        Direction::Sent => ("wire-out", Glyph::Out, words.bytes_out),
        Direction::Received => ("wire-in", Glyph::In, words.bytes_in),
    };
    let is_tunnelled = props.layer == Layer::Network || record.frames.is_empty();
    let text = if is_tunnelled {
        props.notation.write(&record.record)
    } else {
        let frames = record
            .frames
            .iter()
            .map(|frame| props.notation.write(&frame.bytes));
        frames.collect::<Vec<_>>().join("\n")
    };
    let bytes = if is_tunnelled {
        record.length
    } else {
        record.frames.iter().map(|frame| frame.length).sum()
    };
    let is_cut = record.record.len() < record.length;
    let cut = text
        .char_indices()
        .nth(DRAWN)
        .map_or(text.len(), |(at, _)| at);
    let drawn = format!(
        "{}{}",
        &text[..cut],
        if cut < text.len() || is_cut {
            " …"
        } else {
            ""
        }
    );
    let copy = Callback::from(move |_: MouseEvent| {
        if let Some(handle) = &handle {
            handle.copy_text(text.clone());
        }
    });
    let envelope = record.frames.iter().any(|frame| frame.has_envelope);
    let inside = match record.direction {
        Direction::Sent => words.your_message_in_here,
        Direction::Received => words.their_message_in_here,
    };
    html! {
        <li class={classes!("wire", class)}>
            <div class="wire-head">
                <span class="wire-way">{ icon(glyph) }{ way }</span>
                <span class="wire-what">{ names(words, &record.frames) }</span>
                <span class="wire-size">{ fill(words.byte_count, &[("n", &bytes.to_string())]) }</span>
                <IconButton glyph={Glyph::Copy} label={words.copy_bytes} class="icon-button-small" onclick={copy} />
            </div>
            if props.explains {
                <p class="wire-note">
                    { record.frames.first().map_or(words.frame_handshake, |frame| purpose(words, frame.label)) }
                    if envelope {
                        { " " }<mark>{ inside }</mark>
                    }
                </p>
            }
            <p class="bytes" dir="ltr" tabindex="0">{ drawn }</p>
        </li>
    }
}

fn names(words: &Words, frames: &[FrameSeen]) -> String {
    match frames {
        [] => words.handshake.to_owned(),
        [one] => one.label.to_owned(),
        [first, rest @ ..] => format!("{} +{}", first.label, rest.len()),
    }
}

fn purpose(words: &Words, label: &str) -> &'static str {
    match label {
        "Look" => words.frame_look,
        "Join" => words.frame_join,
        "Publish" => words.frame_publish,
        "Leave" => words.frame_leave,
        "Ping" | "Pong" => words.frame_ping,
        "Looked" => words.frame_looked,
        "Joined" => words.frame_joined,
        "Delivered" => words.frame_delivered,
        "Accepted" => words.frame_accepted,
        "Arrived" | "Away" | "Returned" | "Departed" => words.frame_member,
        "PutPiece" => files().frame_put,
        "GetPiece" => files().frame_get,
        "Piece" => files().frame_piece,
        "PieceTaken" | "PieceRefused" | "DropFile" => files().frame_file,
        _ => words.frame_other,
    }
}
