using Strake.Images;

namespace Strake.Containers;

/// <summary>A container as its users see it: an immutable snapshot, replaced whole with every change.</summary>
public sealed record Container
{
    /// <summary>Whether it is a step of a build (<see cref="StepRoot"/>).</summary>
    public bool IsStep { get; init; }

    /// <summary>64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, without the slash that Docker's API puts before it.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The program that it runs.</summary>
    public required string Path { get; init; }

    /// <summary>The program's arguments.</summary>
    public required IReadOnlyList<string> Args { get; init; }

    /// <summary>What it is; the image's config merged in.</summary>
    public required ContainerConfig Config { get; init; }

    /// <summary>How it stands on its host.</summary>
    public required HostSettings Host { get; init; }

    /// <summary>Its networks.</summary>
    public required ContainerNetwork Network { get; init; }

    /// <summary>What it does now.</summary>
    public required ContainerState State { get; init; }

    /// <summary>The image that it runs on.</summary>
    public required ImageId ImageId { get; init; }

    /// <summary>The image as the user wrote it.</summary>
    public required string ImageReference { get; init; }

    /// <summary>Binds, volumes and tmpfs, in the order in which they are mounted.</summary>
    public required IReadOnlyList<MountPoint> Mounts { get; init; }

    /// <summary>How often the restart policy has started it.</summary>
    public int RestartCount { get; init; }

    /// <summary>Path of its log on the host.</summary>
    public required string LogPath { get; init; }

    /// <summary>Path on the host of what it sees as /etc/hostname.</summary>
    public required string HostnamePath { get; init; }

    /// <summary>Path on the host of what it sees as /etc/hosts.</summary>
    public required string HostsPath { get; init; }

    /// <summary>Path on the host of what it sees as /etc/resolv.conf.</summary>
    public required string ResolvConfPath { get; init; }

    /// <summary>The storage driver.</summary>
    public required string Driver { get; init; }

    /// <summary>Its writable layer.</summary>
    public required string LayerId { get; init; }

    /// <summary>Exec sessions that are open or not yet forgotten.</summary>
    public IReadOnlyList<string> ExecIds { get; init; } = [];
}
