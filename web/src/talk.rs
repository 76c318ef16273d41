//! What happens to words before they are said, and with those that were: commands, completion, search, export. Plain
//! functions of plain data.

pub mod command;
pub mod complete;
pub mod emoji;
pub mod export;
pub mod find;
pub mod submit;
pub mod whom;
