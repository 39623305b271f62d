using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>Something that is so of a claim for a while.</summary>
/// <param name="Type">What: Resizing, FileSystemResizePending …</param>
/// <param name="Message">What users read.</param>
public sealed record ClaimCondition(string Type, string Message = "")
{
    /// <summary>The volume is being grown.</summary>
    public const string Resizing = "Resizing";

    /// <summary>The volume has grown, its file system not yet.</summary>
    public const string FileSystemResizePending = "FileSystemResizePending";

    /// <summary>The driver refused to grow the volume.</summary>
    public const string ControllerResizeError = "ControllerResizeError";

    /// <summary>The file system could not be grown.</summary>
    public const string NodeResizeError = "NodeResizeError";

    /// <summary>Reads one from a document.</summary>
    /// <param name="element">An item of status.conditions.</param>
    public static ClaimCondition Read(JsonElement element) => new(element.Text("type"), element.Text("message"));
}
