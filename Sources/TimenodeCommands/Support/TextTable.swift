/// Columns of text, padded to their widest cell.
struct TextTable {
    private var rows: [[String]]

    init(_ titles: [String]) {
        self.rows = [titles]
    }

    mutating func add(_ row: [String]) { rows.append(row) }

    /// The lines, without trailing spaces.
    var lines: [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let isLast = column == row.count - 1
                line += isLast ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + 2)
            }
            return line.trimmedRight
        }
    }

    var text: String { lines.map { $0 + "\n" }.joined() }
}

extension String {
    fileprivate var trimmedRight: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
