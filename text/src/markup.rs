//! What an HTML parser would take for markup.
