import Trace

/// One line of a trace: what a node was told, or what it did.
public typealias TraceRecord = Trace.TraceRecord
