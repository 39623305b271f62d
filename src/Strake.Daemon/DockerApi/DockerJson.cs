using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Strake.Containers;
using Strake.Containers.Plugins;

namespace Strake.Daemon.DockerApi;

/// <summary>The serializers of the Docker API's bodies. Go reads member names in any case, and so do these.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(IdBody))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(ProgressLine))]
[JsonSerializable(typeof(BuildPruneBody))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyList<ImageSummaryBody>))]
[JsonSerializable(typeof(IReadOnlyList<HistoryBody>))]
[JsonSerializable(typeof(IReadOnlyList<ImageRemovalBody>))]
[JsonSerializable(typeof(ImageBody))]
[JsonSerializable(typeof(DistributionBody))]
[JsonSerializable(typeof(LogInBody))]
[JsonSerializable(typeof(LoggedInBody))]
[JsonSerializable(typeof(ImagePruneBody))]
[JsonSerializable(typeof(VolumeCreateBody))]
[JsonSerializable(typeof(VolumeBody))]
[JsonSerializable(typeof(VolumeListBody))]
[JsonSerializable(typeof(VolumePruneBody))]
[JsonSerializable(typeof(IReadOnlyList<PluginBody>))]
[JsonSerializable(typeof(IReadOnlyList<PluginPrivilege>))]
[JsonSerializable(typeof(ContainerConfig))]
[JsonSerializable(typeof(ContainerCreateBody))]
[JsonSerializable(typeof(ContainerCreatedBody))]
[JsonSerializable(typeof(IReadOnlyList<ContainerSummaryBody>))]
[JsonSerializable(typeof(ContainerBody))]
[JsonSerializable(typeof(WaitBody))]
[JsonSerializable(typeof(IReadOnlyList<ChangeBody>))]
[JsonSerializable(typeof(TopBody))]
[JsonSerializable(typeof(ContainerPruneBody))]
[JsonSerializable(typeof(PathStatBody))]
[JsonSerializable(typeof(ExecRequest))]
[JsonSerializable(typeof(ExecStart))]
[JsonSerializable(typeof(ExecBody))]
[JsonSerializable(typeof(IReadOnlyList<NetworkBody>))]
[JsonSerializable(typeof(NetworkPruneBody))]
[JsonSerializable(typeof(EventBody))]
[JsonSerializable(typeof(VersionBody))]
[JsonSerializable(typeof(InfoBody))]
[JsonSerializable(typeof(DiskUsageBody))]
sealed partial class DockerJson : JsonSerializerContext
{
    /// <summary>With text as Docker writes it; see <see cref="Server.ServerJson.Plain"/>.</summary>
    public static DockerJson Plain { get; } = new(new JsonSerializerOptions { PropertyNameCaseInsensitive = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
