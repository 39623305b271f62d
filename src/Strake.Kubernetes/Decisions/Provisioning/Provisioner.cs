namespace Strake.Kubernetes.Decisions.Provisioning;

/// <summary>Who makes the volumes of a class, from the name that the class has for it: exactly one of these.</summary>
public abstract record Provisioner
{
    const string PluginPrefix = "docker.io/volume-plugin/";
    const string InTreePrefix = "kubernetes.io/";

    private Provisioner()
    {
    }

    /// <summary>The name under which claims and volumes note it.</summary>
    public abstract string Name { get; }

    /// <summary>A CSI driver; what is not known as anything else is one, be it ours, installed, or to be installed.</summary>
    /// <param name="Driver">The driver's name.</param>
    /// <param name="InTreeName">The in-tree name that the class has and the driver serves; null when the class names the driver.</param>
    public sealed record Csi(string Driver, string? InTreeName = null) : Provisioner
    {
        /// <inheritdoc/>
        public override string Name => Driver;
    }

    /// <summary>A Docker volume plugin.</summary>
    /// <param name="Plugin">The plugin's name.</param>
    public sealed record DockerPlugin(string Plugin) : Provisioner
    {
        /// <inheritdoc/>
        public override string Name => PluginPrefix + Plugin;
    }

    /// <summary>Nobody: volumes of the class are made by hand.</summary>
    /// <param name="ClassWord">What the class says.</param>
    public sealed record Nobody(string ClassWord) : Provisioner
    {
        /// <inheritdoc/>
        public override string Name => ClassWord;
    }

    /// <summary>What a class's word means.</summary>
    /// <param name="word">provisioner of a class.</param>
    public static Provisioner Of(string word) => word switch
    {
        _ when word.StartsWith(PluginPrefix, StringComparison.Ordinal) => new DockerPlugin(word[PluginPrefix.Length..]),
        _ when InTree.InTreeDrivers.CsiNameOf(word) is { } driver => new Csi(driver, word),

        // kubernetes.io/no-provisioner, and in-tree names that Kubernetes has no driver for any more.
        _ when word.StartsWith(InTreePrefix, StringComparison.Ordinal) => new Nobody(word),
        _ => new Csi(word),
    };
}
