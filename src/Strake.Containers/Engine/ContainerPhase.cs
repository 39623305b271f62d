using System.Text.Json.Serialization;

namespace Strake.Containers.Engine;

/// <summary>Where a container's record stands; the intent that a restart finishes or takes back.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ContainerPhase>))]
enum ContainerPhase
{
    /// <summary>Its parts are being made. A restart takes them back.</summary>
    Creating,

    /// <summary>It is there, running or not.</summary>
    Ready,

    /// <summary>Its parts are being removed. A restart goes on with it.</summary>
    Removing,
}
