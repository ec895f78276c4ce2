import Kernel
import Logging
import SystemErrors

/// The log of a node: swift-log in, lines of one format out.
struct NodeLogHandler: LogHandler {
    let format: LogFormat
    let sink: LogSink
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { _, new in new } }
        if let own = event.metadata { fields.merge(own) { _, new in new } }
        if let error = event.error { fields["error"] = "\(SystemErrorText.of(error))" }
        sink.append(format.line(at: .now, level: event.level, message: event.message.description, metadata: fields))
    }

    /// A logger of its own: nothing is registered for the whole process, so that tests can run beside each other.
    static func logger(_ format: LogFormat, level: Logger.Level, sink: LogSink) -> Logger {
        Logger(label: "timenode") { _ in NodeLogHandler(format: format, sink: sink, logLevel: level) }
    }
}
