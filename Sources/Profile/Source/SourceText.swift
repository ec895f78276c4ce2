/// The bytes of one document, with its lines at hand for messages.
struct SourceText: Sendable {
    /// The name that messages show.
    let name: String
    /// The folder against which relative paths in this text resolve; empty for the current one.
    let folder: String
    let bytes: [UInt8]
    private let lineStarts: [Int]

    init(name: String, folder: String, bytes: [UInt8]) {
        self.name = name
        self.folder = folder
        self.bytes = bytes
        lineStarts = bytes.withUnsafeBufferPointer { buffer in
            var starts = [0]
            for index in buffer.indices where buffer[index] == 0x0A { starts.append(index + 1) }
            return starts
        }
    }

    /// Lines beyond this many bytes are not shown.
    private static let maximumLine = 4_096

    /// The text of a 1-based line without its line break, nil past the end or for a line too long to show.
    func line(_ number: Int) -> String? {
        guard number >= 1, number <= lineStarts.count else { return nil }
        let start = lineStarts[number - 1]
        var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
        if end > start, bytes[end - 1] == 0x0D { end -= 1 }
        return end - start > SourceText.maximumLine ? nil : String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// The place of a byte, for problems that are found before lines are.
    func location(ofByte offset: Int) -> SourceLocation {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let before = String(decoding: bytes[lineStarts[low]..<min(offset, bytes.count)], as: UTF8.self)
        return SourceLocation(file: name, line: low + 1, column: before.unicodeScalars.count + 1, length: 1)
    }

    /// The offset of the first byte that is not UTF-8, nil if all is well.
    var invalidByte: Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): offset += UTF8.width(scalar)
            case .emptyInput, .error: return min(offset, bytes.count - 1)
            }
        }
    }
}
