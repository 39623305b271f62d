using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Events.</summary>
static class EventSchema
{
    /// <summary>Who tells.</summary>
    public static Schema EventSource { get; } = Record(
        Definitions.Core + "EventSource", "Who tells.",
        Field("component", Text, "The part of the system that tells."),
        Field("host", Text, "The host."));

    /// <summary>How often it repeated.</summary>
    public static Schema EventSeries { get; } = Record(
        Definitions.Core + "EventSeries", "How often it repeated.",
        Field("count", Number32, "How often it happened."),
        Field("lastObservedTime", MicroTime, "When it was last seen."));

    /// <summary>Something that happened to an object.</summary>
    public static Schema Event { get; } = Record(
        Definitions.Core + "Event", "Something that happened to an object.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("involvedObject", ReferenceSchema.ObjectReference, "What the event is about.").Required(),
            Field("reason", Text, "Why, in one word."),
            Field("message", Text, "What happened, for a person."),
            Field("source", EventSource, "Who tells."),
            Field("firstTimestamp", Time, "When it happened first."),
            Field("lastTimestamp", Time, "When it happened last."),
            Field("count", Number32, "How often it happened."),
            Field("type", Text, "Normal or Warning."),
            Field("eventTime", MicroTime, "When it happened first."),
            Field("series", EventSeries, "How often it repeated."),
            Field("action", Text, "What was done, or failed, about the object."),
            Field("related", ReferenceSchema.ObjectReference, "A second object that has to do with it."),
            Field("reportingComponent", Text, "The controller that tells."),
            Field("reportingInstance", Text, "Which of its instances."),
        ]);
}
