using Strake.Containers.Mounts;
using Strake.Containers.Spec;
using Strake.Images;

namespace Strake.Containers.Lifecycle;

/// <summary>Puts a user's wishes over what an image says. Pure.</summary>
static class ConfigMerge
{
    /// <summary>The config of a container.</summary>
    /// <param name="config">What the user asked for.</param>
    /// <param name="image">What the image says; null: nothing.</param>
    /// <exception cref="StrakeException">Invalid: in Docker's words.</exception>
    public static ContainerConfig Of(ContainerConfig config, ContainerDefaults? image)
    {
        image ??= new ContainerDefaults();
        bool ownEntrypoint = config.Entrypoint is { Count: > 0 };
        IReadOnlyList<string>? entrypoint = ownEntrypoint ? config.Entrypoint : image.Entrypoint;
        // --entrypoint takes the image's command away with its entry point; --entrypoint "" is sent as a list of one empty string.
        IReadOnlyList<string>? command = config.Cmd is { Count: > 0 } ? config.Cmd : ownEntrypoint ? null : image.Cmd;
        if (entrypoint is [""])
            entrypoint = null;
        if ((entrypoint?.Count ?? 0) + (command?.Count ?? 0) == 0)
            throw StrakeException.Invalid("no command specified");

        string directory = config.WorkingDir is { Length: > 0 } given ? given : image.WorkingDir ?? "";
        if (directory.Length > 0 && !directory.StartsWith('/'))
            throw StrakeException.Invalid($"the working directory '{directory}' is invalid, it needs to be an absolute path");
        CheckDirectory(directory);
        return config with
        {
            User = config.User is { Length: > 0 } ? config.User : image.User ?? "",
            ExposedPorts = Union(config.ExposedPorts, image.ExposedPorts),
            Env = EnvironmentList.Complete(config.Env ?? [], image.Env ?? []),
            Entrypoint = entrypoint,
            Cmd = command,
            Volumes = Union(config.Volumes, image.Volumes),
            WorkingDir = directory,
            Labels = Labels(config.Labels, image.Labels),
            StopSignal = config.StopSignal is { Length: > 0 } ? config.StopSignal : image.StopSignal,
            StopTimeout = config.StopTimeout ?? image.StopTimeout,
            Shell = config.Shell ?? image.Shell,
            Unsupported = null,
        };
    }

    /// <summary>Refuses a working directory that is a view of some process's descriptors (CVE-2024-21626).</summary>
    /// <exception cref="StrakeException">Invalid: names the directory.</exception>
    public static void CheckDirectory(string directory)
    {
        if (ContainerPath.Clean(directory).StartsWith("/proc/", StringComparison.Ordinal))
            throw StrakeException.Invalid($"the working directory '{directory}' is invalid, it must not be below /proc");
    }

    static Dictionary<string, Empty>? Union(IReadOnlyDictionary<string, Empty>? own, IReadOnlyList<string>? image)
    {
        if (own is not { Count: > 0 } && image is not { Count: > 0 })
            return null;
        Dictionary<string, Empty> all = [];
        foreach (string name in (image ?? []).Concat(own?.Keys ?? []))
            all[name] = Empty.Value;
        return all;
    }

    static Dictionary<string, string> Labels(IReadOnlyDictionary<string, string>? own, IReadOnlyDictionary<string, string>? image)
    {
        Dictionary<string, string> all = new(image ?? new Dictionary<string, string>());
        foreach ((string name, string value) in own ?? new Dictionary<string, string>())
            all[name] = value;
        return all;
    }
}
