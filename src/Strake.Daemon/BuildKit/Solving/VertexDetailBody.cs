using System.Text.Json.Serialization;

namespace Strake.Daemon.BuildKit.Solving;

/// <summary>The detail of an error that says which step failed.</summary>
/// <param name="Digest">The step's digest.</param>
sealed record VertexDetailBody([property: JsonPropertyName("digest")] string Digest);
