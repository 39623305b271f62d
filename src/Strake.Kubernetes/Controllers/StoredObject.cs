using System.Text.Json;

namespace Strake.Kubernetes.Controllers;

/// <summary>An object as the store has it: its bytes, which a controller that keeps thousands of them shares with the store.</summary>
/// <param name="Id">Which.</param>
/// <param name="Revision">The revision that wrote it last.</param>
/// <param name="Json">What it is; does not change.</param>
public sealed record StoredObject(ObjectId Id, long Revision, ReadOnlyMemory<byte> Json)
{
    /// <summary>What it is, read.</summary>
    /// <remarks>Costs a parse each time.</remarks>
    public JsonElement Document => JsonElement.Parse(Json.Span);
}
