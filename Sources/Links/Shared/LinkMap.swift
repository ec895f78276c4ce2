import Kernel
import Wire

/// What is kept of each link, found by a binary search: every message asks, and links are numbered as they come, so that a
/// new one stands at the end or near it.
struct LinkMap<Value: Codable & Sendable>: Codable, Sendable {
    private(set) var links: [LinkID] = []
    /// In the order of the links' numbers.
    var values: [Value] = []

    /// The place of a link's value.
    func index(of link: LinkID) -> Int? {
        let place = place(for: link)
        return place < links.count && links[place] == link ? place : nil
    }

    subscript(link: LinkID) -> Value? {
        get { index(of: link).map { values[$0] } }
        set {
            let place = place(for: link)
            let isKnown = place < links.count && links[place] == link
            switch (newValue, isKnown) {
            case (let value?, true): values[place] = value
            case (let value?, false):
                links.insert(link, at: place)
                values.insert(value, at: place)
            case (nil, true):
                links.remove(at: place)
                values.remove(at: place)
            case (nil, false): break
            }
        }
    }

    /// How many links come before this one.
    private func place(for link: LinkID) -> Int {
        var (low, high) = (0, links.count)
        while low < high {
            let middle = (low + high) / 2
            if links[middle] < link { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
