//! The emoji beside a message, with how many put each there.

use yew::prelude::*;

use crate::handle::Handle;
use crate::shared::Shared;
use crate::state::{People, Said};
use crate::words::{fill, talk};

/// What [`ReactionsRow`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct ReactionsRowProps {
    /// The message.
    pub said: Said,
}

/// The row. Pressing an emoji puts one's own there, or takes it away.
#[component]
pub fn ReactionsRow(props: &ReactionsRowProps) -> Html {
    let handle = use_context::<Handle>();
    let people = use_context::<Shared<People>>().unwrap_or_default();
    let me = people.me().map(|me| me.id);
    let said = &props.said;
    let chips = said.marks.reactions.iter().map(|reaction| {
        let is_mine = me.is_some_and(|me| reaction.by.contains(&me));
        let names: Vec<&str> = reaction
            .by
            .iter()
            .map(|id| {
                people
                    .find(*id)
                    .map_or(talk().somebody, |it| it.name.as_str())
            })
            .collect();
        let names = fill(
            talk().reacted,
            &[("names", &names.join(", ")), ("emoji", &reaction.emoji)],
        );
        let onclick = {
            let (handle, id, to) = (handle.clone(), said.id.clone(), said.partner());
            let emoji = reaction.emoji.clone();
            Callback::from(move |_: MouseEvent| {
                if let Some(handle) = &handle {
                    handle.react(id.clone(), to, emoji.clone(), !is_mine);
                }
            })
        };
        html! {
            <button
                type="button"
                class={classes!("reaction", is_mine.then_some("is-mine"))}
                key={reaction.emoji.clone()}
                aria-pressed={is_mine.to_string()}
                aria-label={names.clone()}
                title={names}
                {onclick}
            >
                <bdi>{ &reaction.emoji }</bdi><span>{ reaction.by.len() }</span>
            </button>
        }
    });
    html! { <div class="reactions">{ for chips }</div> }
}
