import Kernel
import Trace

/// Header and records as they are now, and the last line that belongs below them: a trace that somebody forged.
func closed(_ lines: some Sequence<String>, digest: String? = nil) -> [String] {
    let lines = Array(lines)
    var content = ByteDigest()
    for line in lines { content.add(Array("\(line)\n".utf8)) }
    let end = TraceEnd(records: lines.count - 1, digest: digest).line(closing: content)
    return lines + [String(decoding: end.dropLast(), as: UTF8.self)]
}
