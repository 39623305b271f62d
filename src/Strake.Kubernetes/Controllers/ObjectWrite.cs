using System.Text.Json.Nodes;

namespace Strake.Kubernetes.Controllers;

/// <summary>One object's part in a write.</summary>
/// <param name="Id">Which.</param>
/// <param name="ExpectedRevision">The revision that wrote it last, as the writer knows; 0 when it must not exist.</param>
/// <param name="Document">What it shall be; null when it shall go.</param>
public sealed record ObjectWrite(ObjectId Id, long ExpectedRevision, JsonObject? Document);
