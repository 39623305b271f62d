using System.Text.Json.Nodes;

namespace Strake.EndToEnd.Tests.Harness;

/// <summary>An answer of the engine.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The body as text.</param>
public sealed record EngineReply(int Status, string Body)
{
    /// <summary>The `message` of an error's body.</summary>
    public string Message => JsonNode.Parse(Body)!["message"]!.GetValue<string>();
}
