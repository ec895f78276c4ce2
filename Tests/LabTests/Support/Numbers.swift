/// Finds and changes the numbers of a text.
enum Numbers {
    /// Every number that stands outside of quotes: digits with a sign and a point.
    static func places(in text: String) -> [Range<String.Index>] {
        var found: [Range<String.Index>] = []
        var isQuoted = false
        var start: String.Index?
        var previous: Character = " "
        for place in text.indices {
            let letter = text[place]
            if letter == "\"", previous != "\\" { isQuoted.toggle() }
            let begins = letter.isNumber || letter == "-" && !previous.isLetter
            let goesOn = letter.isNumber || letter == "." || letter == "e" || letter == "-"
            if !isQuoted, start == nil, begins, !previous.isLetter { start = place }
            if let begin = start, isQuoted || !goesOn {
                found.append(begin..<place)
                start = nil
            }
            previous = letter
        }
        if let start { found.append(start..<text.endIndex) }
        return found
    }

    /// The text with another number in each of these places, one at a time.
    static func changes(of text: String, to extremes: [String]) -> [String] {
        places(in: text).flatMap { place in
            extremes.map { text.replacingCharacters(in: place, with: $0) }
        }
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        var copy = self
        copy.replaceSubrange(range, with: text)
        return copy
    }
}
