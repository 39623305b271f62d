using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Daemon.Server;

/// <summary>The serializers of what the server itself says.</summary>
[JsonSerializable(typeof(ErrorBody))]
sealed partial class ServerJson : JsonSerializerContext
{
    /// <summary>
    /// With text as Docker writes it: only what JSON itself demands is escaped, for answers are read by programs and in terminals, never
    /// placed into HTML.
    /// </summary>
    public static ServerJson Plain { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
