//! Keeps what the splitter reads.
fn main() {
    if std::env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        println!("cargo:rustc-link-arg-bin=roomkey=--emit-relocs");
    }
    println!("cargo:rerun-if-changed=build.rs");
}
