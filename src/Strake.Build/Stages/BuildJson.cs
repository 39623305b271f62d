using System.Text.Json.Serialization;

namespace Strake.Build;

[JsonSerializable(typeof(string[]))]
sealed partial class BuildJson : JsonSerializerContext;
