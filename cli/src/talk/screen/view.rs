//! What the screen looks like. Data in, cells out.

use client::{Person, Status};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line as Row, Span};
use ratatui::widgets::{Block, Borders, Paragraph};

use super::Screen;
use crate::lines::{Kind, Line, lasting};
use crate::safe;

/// Narrower than this, the list of people would leave no room for what they say.
const ROOM_FOR_PEOPLE: u16 = 70;
const PEOPLE: u16 = 24;
const MOST_INPUT: u16 = 6;

pub(super) fn draw(frame: &mut Frame<'_>, screen: &Screen<'_>) {
    let typed = u16::try_from(screen.input.lines().len())
        .unwrap_or(MOST_INPUT)
        .clamp(1, MOST_INPUT);
    let [top, middle, input] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(0),
        Constraint::Length(typed + 1),
    ])
    .areas(frame.area());
    frame.render_widget(Paragraph::new(header(screen)), top);
    let log = if middle.width >= ROOM_FOR_PEOPLE {
        let [log, people] =
            Layout::horizontal([Constraint::Min(0), Constraint::Length(PEOPLE)]).areas(middle);
        frame.render_widget(people_list(&screen.people), people);
        log
    } else {
        middle
    };
    frame.render_widget(Paragraph::new(rows(screen, log)), log);
    let [line, place] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(input);
    frame.render_widget(rule(screen), line);
    frame.render_widget(&screen.input, place);
}

/// The state first, then what fits: a narrow terminal cuts from the right.
fn header(screen: &Screen<'_>) -> Row<'static> {
    let (text, style) = match &screen.status {
        Status::Online => ("connected".to_owned(), Style::new().fg(Color::Green)),
        Status::Waiting { queued: 0, .. } => (
            "connection lost, trying again".to_owned(),
            Style::new().fg(Color::Yellow),
        ),
        Status::Waiting { queued, .. } => (
            format!("connection lost, trying again; {queued} waiting"),
            Style::new().fg(Color::Yellow),
        ),
        _ => ("connecting".to_owned(), Style::new().fg(Color::Yellow)),
    };
    let mut parts = vec![Span::styled(text, style)];
    let mut put = |text: String| parts.push(Span::raw(format!("  {text}")));
    if matches!(screen.status, Status::Online) {
        put(format!("{} here", screen.people.len()));
    }
    if let Some(left) = screen.closes_in {
        put(format!("closes in {}", lasting(left)));
    }
    if screen.locked {
        put("locked".to_owned());
    }
    put(screen.face.clone());
    Row::from(parts)
}

/// What stands on the rule above the text: whom it is for, and the file that moves.
fn rule(screen: &Screen<'_>) -> Block<'static> {
    let mut rule = Block::new().borders(Borders::TOP);
    if let Some(name) = &screen.scope {
        rule = rule.title(Span::styled(
            format!(" to {name} alone "),
            Style::new().fg(Color::Magenta),
        ));
    }
    if let Some(progress) = &screen.progress {
        rule = rule.title(Span::raw(format!(" {progress} ")));
    }
    if screen.back > 0 {
        rule = rule.title(Span::styled(
            " older lines; PgDn goes on ",
            Style::new().fg(Color::Yellow),
        ));
    }
    rule
}

fn people_list(people: &[Person]) -> Paragraph<'static> {
    let rows = people.iter().map(|person| {
        let mark = if person.bot.is_some() {
            " bot"
        } else if person.me {
            " you"
        } else {
            ""
        };
        let text = format!("{}·{}{mark}", safe::name(&person.name), person.tag.text());
        let style = if person.away {
            Style::new().add_modifier(Modifier::DIM)
        } else {
            Style::new()
        };
        Row::styled(text, style)
    });
    Paragraph::new(rows.collect::<Vec<_>>())
        .block(Block::new().borders(Borders::LEFT).title("People"))
}

/// The rows of the log that fit, the newest last unless it is scrolled back.
fn rows(screen: &Screen<'_>, area: Rect) -> Vec<Row<'static>> {
    let (width, height) = (usize::from(area.width.max(1)), usize::from(area.height));
    // Set off, so that no part of a message can pass for a line of its own, by somebody else.
    let indent = if width >= 10 { "  " } else { "" };
    let options = textwrap::Options::new(width);
    let mut found = Vec::new();
    // From the end, and no further than needed: the log may be long.
    for line in screen.log.iter().rev().map(|entry| &entry.line) {
        let style = style(line);
        let wrapped: Vec<Row<'static>> = line
            .text
            .lines()
            .flat_map(|text| {
                let begins = text.len() - text.trim_start_matches(' ').len();
                let further = format!("{}{indent}", &" ".repeat(begins.min(width / 4)));
                textwrap::wrap(text, options.clone().subsequent_indent(&further))
                    .into_iter()
                    .map(|row| row.into_owned())
                    .collect::<Vec<_>>()
            })
            .map(|text| Row::styled(text, style))
            .collect();
        found.extend(wrapped.into_iter().rev());
        if found.len() >= height.saturating_add(screen.back) {
            break;
        }
    }
    let back = screen.back.min(found.len().saturating_sub(height));
    let mut rows: Vec<_> = found.into_iter().skip(back).take(height).collect();
    rows.reverse();
    rows
}

fn style(line: &Line) -> Style {
    match line.kind {
        Kind::Said => Style::new(),
        Kind::Mine => Style::new().fg(Color::Cyan),
        Kind::Happened => Style::new().add_modifier(Modifier::DIM),
        Kind::Warning => Style::new().fg(Color::Yellow),
    }
}
