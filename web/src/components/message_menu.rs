//! What can be done with a message: answer, react, copy, change, take back.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::copy_button::{Copies, CopyButton};
use super::emoji_panel::EmojiPanel;
use super::icon::Glyph;
use super::icon_button::IconButton;
use crate::contexts::Dispatch;
use crate::handle::Handle;
use crate::state::{About, Action, EntryId, Said};
use crate::talk::emoji::QUICK;
use crate::words::{fill, talk};

/// What [`MessageMenu`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct MessageMenuProps {
    /// The line.
    pub line: EntryId,
    /// The message.
    pub said: Said,
    /// It asks to be closed.
    pub onclose: Callback<()>,
}

/// What [`super::message_tools::MessageTools`] unfolds.
#[component]
pub fn MessageMenu(props: &MessageMenuProps) -> Html {
    let words = talk();
    let handle = use_context::<Handle>();
    let dispatch = use_context::<Dispatch>();
    let picks_emoji = use_state_eq(|| false);
    let (line, said, onclose) = (props.line, &props.said, &props.onclose);
    let act = |action: Action| {
        let (dispatch, onclose) = (dispatch.clone(), onclose.clone());
        Callback::from(move |_: MouseEvent| {
            onclose.emit(());
            if let Some(dispatch) = &dispatch {
                dispatch.dispatch(action.clone());
            }
        })
    };
    let react = {
        let (handle, id, to) = (handle.clone(), said.id.clone(), said.partner());
        let onclose = onclose.clone();
        Callback::from(move |emoji: &'static str| {
            onclose.emit(());
            if let Some(handle) = &handle {
                handle.react(id.clone(), to, emoji.to_owned(), true);
            }
        })
    };
    let delete = {
        let (id, to, onclose) = (said.id.clone(), said.partner(), onclose.clone());
        Callback::from(move |_: MouseEvent| {
            onclose.emit(());
            if let Some(handle) = &handle {
                handle.delete(id.clone(), to);
            }
        })
    };
    let more = {
        let picks_emoji = picks_emoji.clone();
        Callback::from(move |_: MouseEvent| picks_emoji.set(true))
    };
    let close = {
        let picks_emoji = picks_emoji.clone();
        Callback::from(move |()| picks_emoji.set(false))
    };
    html! {
        <>
            <div class="message-menu" role="group" aria-label={words.message_menu}>
                <span class="message-quick">
                    { for QUICK.iter().map(|&emoji| html! {
                        <button type="button" class="emoji" key={emoji} aria-label={fill(words.react_with, &[("emoji", emoji)])} onclick={react.reform(move |_: MouseEvent| emoji)}>{ emoji }</button>
                    }) }
                    <IconButton glyph={Glyph::Smile} label={words.react_other} onclick={more} />
                </span>
                <Button weight={Weight::Quiet} class="button-small" glyph={Glyph::Reply} onclick={act(Action::TurnTo(About::Answer(line)))}>{ words.reply }</Button>
                if let Some(wording) = said.what.wording() {
                    <CopyButton weight={Weight::Quiet} copies={Copies::Text(wording.text.to_string().into())} label={crate::words::words().copy} />
                }
                if said.mine {
                    <Button weight={Weight::Quiet} class="button-small" glyph={Glyph::Pencil} onclick={act(Action::TurnTo(About::Edit(line)))}>{ words.edit }</Button>
                    <Button weight={Weight::Quiet} class="button-small" glyph={Glyph::Close} onclick={delete}>{ words.delete }</Button>
                } else if said.to.is_none() {
                    <Button weight={Weight::Quiet} class="button-small" glyph={Glyph::Lock} onclick={act(Action::SpeakTo(Some(said.from)))}>{ words.answer_alone }</Button>
                }
            </div>
            if *picks_emoji {
                <EmojiPanel onpick={react} onclose={close} />
            }
        </>
    }
}
