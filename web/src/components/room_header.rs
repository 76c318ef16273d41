//! The room's header: which room this is, what holds in it, and what can be opened.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::drawer::Page;
use super::face::{face_view, spoken};
use super::filter_bar::FilterBar;
use super::icon::Glyph;
use super::icon_button::IconButton;
use super::masked_name::MaskedName;
use super::room_facts::RoomFacts;
use super::room_screen::Panel;
use crate::handle::Handle;
use crate::shared::Shared;
use crate::state::{People, RoomCard};
use crate::words::{fill, life, talk, words};

/// What [`RoomHeader`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct RoomHeaderProps {
    /// What is open.
    pub panel: Option<Panel>,
    /// Something should be opened, or closed if it is open.
    pub onpanel: Callback<Panel>,
    /// The people list stands beside the conversation anyway.
    pub is_wide: bool,
}

/// The header.
#[component]
pub fn RoomHeader(props: &RoomHeaderProps) -> Html {
    let words = words();
    let handle = use_context::<Handle>();
    let Some(card) = use_context::<Shared<RoomCard>>() else {
        return Html::default();
    };
    let people = use_context::<Shared<People>>().map_or(0, |people| people.present());
    let opens = |panel: Panel| props.onpanel.reform(move |_: MouseEvent| panel);
    let is_open = |panel: Panel| Some(props.panel == Some(panel));
    let (server, shield) = (Panel::Drawer(Page::Server), Panel::Drawer(Page::Shield));
    let panic = {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                handle.panic();
            }
        })
    };
    let leave = Callback::from(move |_: MouseEvent| {
        if let Some(handle) = &handle {
            handle.leave();
        }
    });
    let face_label = fill(words.room_face, &[("faces", &spoken(&card.face))]);
    let people_label = fill(words.people_open, &[("n", &people.to_string())]);
    html! {
        <header class="room-head">
            <button class="room-face" type="button" aria-label={face_label.clone()} title={face_label} onclick={opens(Panel::Card)}>
                { face_view(&card.face, false) }
            </button>
            <div class="room-title">
                <div class="room-title-line">
                    <MaskedName masked={card.masked.clone()} heading={true} />
                </div>
                <RoomFacts />
            </div>
            <div class="room-actions">
                <Button weight={Weight::Primary} glyph={Glyph::Invite} class="button-invite" onclick={opens(Panel::Invite)}>{ words.invite }</Button>
                <IconButton glyph={Glyph::Door} label={words.leave} onclick={leave} />
            </div>
            <div class="room-tools">
                <IconButton glyph={Glyph::Panic} label={life().panic} onclick={panic} />
                if props.is_wide {
                    <IconButton glyph={Glyph::Search} label={talk().search} expanded={is_open(Panel::Search)} onclick={opens(Panel::Search)} />
                }
                <IconButton glyph={Glyph::Sliders} label={talk().settings} expanded={is_open(Panel::Settings)} onclick={opens(Panel::Settings)} />
                <IconButton glyph={Glyph::Eye} label={words.server_view_open} expanded={is_open(server)} onclick={opens(server)} />
                <IconButton
                    glyph={if card.guessable { Glyph::ShieldDoubt } else { Glyph::Shield }}
                    label={words.shield}
                    expanded={is_open(shield)}
                    onclick={opens(shield)}
                />
                <IconButton glyph={Glyph::More} label={talk().more} expanded={is_open(Panel::More)} onclick={opens(Panel::More)} />
                if !props.is_wide {
                    <IconButton glyph={Glyph::People} label={people_label} class="has-count" expanded={is_open(Panel::People)} onclick={opens(Panel::People)}>
                        <span class="people-count">{ people }</span>
                    </IconButton>
                }
            </div>
            <FilterBar />
        </header>
    }
}
