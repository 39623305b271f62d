using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>What a pod's status says of a container.</summary>
/// <param name="Name">The container.</param>
/// <param name="RestartCount">How often it was started anew.</param>
/// <param name="HasRun">Whether it was ever started.</param>
/// <param name="HasEnded">Whether it had ended when the status was written.</param>
/// <param name="HasSucceeded">Whether it had ended well.</param>
/// <param name="Status">The status itself.</param>
public sealed record KnownContainer(string Name, int RestartCount, bool HasRun, bool HasEnded, bool HasSucceeded, JsonElement Status)
{
    /// <summary>Reads one from a document.</summary>
    /// <param name="element">An item of status.containerStatuses or status.initContainerStatuses.</param>
    public static KnownContainer Read(JsonElement element)
    {
        JsonElement ended = element.At("state", "terminated");
        bool hasEnded = ended.ValueKind is JsonValueKind.Object;
        return new KnownContainer(
            element.Text("name"), element.Number("restartCount"), element.Text("containerID").Length > 0, hasEnded, hasEnded && ended.Number("exitCode", 1) == 0, element);
    }
}
