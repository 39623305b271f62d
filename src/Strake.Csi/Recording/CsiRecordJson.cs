using System.Text.Json.Serialization;

namespace Strake.Csi;

/// <summary>The JSON of recordings, generated at compile time.</summary>
[JsonSerializable(typeof(CsiRecord))]
sealed partial class CsiRecordJson : JsonSerializerContext;
