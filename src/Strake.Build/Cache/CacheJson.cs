using System.Text.Json.Serialization;

namespace Strake.Build;

[JsonSerializable(typeof(CacheEntry))]
sealed partial class CacheJson : JsonSerializerContext;
