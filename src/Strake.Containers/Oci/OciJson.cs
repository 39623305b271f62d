using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strake.Containers.Oci;

/// <summary>Writes what the runtime reads.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(OciSpec))]
[JsonSerializable(typeof(OciProcess))]
[JsonSerializable(typeof(OciSeccomp))]
sealed partial class OciJson : JsonSerializerContext
{
    public static byte[] Write(OciSpec spec) => JsonSerializer.SerializeToUtf8Bytes(spec, Relaxed.Json.OciSpec);

    public static byte[] Write(OciProcess process) => JsonSerializer.SerializeToUtf8Bytes(process, Relaxed.Json.OciProcess);

    static class Relaxed
    {
        // yajl and Go read both forms; the relaxed one keeps commands readable in a bundle that somebody looks at.
        public static readonly OciJson Json = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
