namespace Strake.Images;

/// <summary>What a host of a registry is asked for (<c>capabilities</c> of containerd's hosts.toml).</summary>
[Flags]
enum RegistryAbilities
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Fetch by digest.</summary>
    Pull = 1,

    /// <summary>Say what a tag stands for.</summary>
    Resolve = 2,

    /// <summary>Take what is sent.</summary>
    Push = 4,

    /// <summary>All of it.</summary>
    All = Pull | Resolve | Push,
}
