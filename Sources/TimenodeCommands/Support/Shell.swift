/// Words of a command line, as a person pastes them into a shell.
enum Shell {
    /// `text` so that a POSIX shell and zsh take it as one word, unchanged.
    ///
    /// Most paths need no quotes and get none: `~` at the start would be expanded, brackets and stars matched with files.
    static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
                        || "/._-+:,@%".unicodeScalars.contains($0))
            }
        return isPlain ? text : "'" + text.replacing("'", with: #"'\''"#) + "'"
    }
}
