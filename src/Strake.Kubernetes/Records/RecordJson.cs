using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Strake.Kubernetes.Records;

/// <summary>What the serializer must know of documents.</summary>
[JsonSerializable(typeof(JsonObject))]
sealed partial class RecordJson : JsonSerializerContext;
