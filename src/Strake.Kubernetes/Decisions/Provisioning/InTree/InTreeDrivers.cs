namespace Strake.Kubernetes.Decisions.Provisioning.InTree;

/// <summary>The storage that Kubernetes once knew itself, and the CSI drivers that serve it now.</summary>
public static class InTreeDrivers
{
    internal static IReadOnlyList<InTreeSource> All { get; } =
    [
        new AwsElasticBlockStore(), new GcePersistentDisk(), new AzureDisk(), new AzureFile(), new Cinder(), new VsphereVolume(), new PortworxVolume(),
    ];

    /// <summary>The driver that serves an in-tree provisioner, or null.</summary>
    /// <param name="provisioner">provisioner of a class.</param>
    public static string? CsiNameOf(string provisioner) => All.FirstOrDefault(source => source.Provisioner == provisioner)?.Driver;

    /// <summary>The in-tree provisioner that a driver serves, or null.</summary>
    /// <param name="driver">The driver's name.</param>
    public static string? InTreeNameOf(string driver) => All.FirstOrDefault(source => source.Driver == driver)?.Provisioner;

    /// <summary>The driver that serves an in-tree source, or null.</summary>
    /// <param name="field">The field of a volume that names its storage.</param>
    public static string? CsiNameOfSource(string field) => All.FirstOrDefault(source => source.Field == field)?.Driver;

    /// <summary>The in-tree source that a driver serves, or null.</summary>
    /// <param name="driver">The driver's name.</param>
    public static string? SourceOf(string driver) => All.FirstOrDefault(source => source.Driver == driver)?.Field;

    internal static string HowToInstall(string provisioner) =>
        $"{provisioner} is served by the CSI driver {CsiNameOf(provisioner)}, which is not installed here: install it, or choose another class.";
}
