namespace Strake.State;

/// <summary>Something that happened to a container, an image, a volume or a network, as <c>docker events</c> tells it.</summary>
/// <param name="Type">The kind of object: <c>container</c>, <c>image</c>, <c>volume</c>, <c>network</c>.</param>
/// <param name="Action">What happened, in Docker's words: <c>create</c>, <c>exec_start: sh</c>.</param>
/// <param name="ActorId">The object's id or name.</param>
/// <param name="Attributes">What else is known of it: name, image, driver, exit code, labels.</param>
/// <param name="Time">When.</param>
/// <remarks>Docker Engine API, "Monitor events".</remarks>
public sealed record EngineEvent(
    string Type, string Action, string ActorId, IReadOnlyDictionary<string, string> Attributes, DateTimeOffset Time);
