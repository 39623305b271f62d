using System.Text.Json.Serialization;

namespace Strake.Daemon.Tests.Server;

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ApiServerTests.Named))]
sealed partial class TestJson : JsonSerializerContext;
