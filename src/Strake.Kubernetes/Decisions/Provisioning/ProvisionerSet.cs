using System.Collections.Frozen;

namespace Strake.Kubernetes.Decisions.Provisioning;

/// <summary>The CSI drivers that are there at one moment. Docker plugins are not asked before they are used, and count as there.</summary>
public sealed class ProvisionerSet
{
    /// <summary>The driver that is built in.</summary>
    public const string OwnDriver = "strake.csi";

    readonly FrozenSet<string> drivers;

    ProvisionerSet(FrozenSet<string> drivers) => this.drivers = drivers;

    /// <summary>The built-in driver alone.</summary>
    public static ProvisionerSet BuiltIn { get; } = With([]);

    /// <summary>The built-in driver and others.</summary>
    /// <param name="drivers">Names of drivers that are installed.</param>
    public static ProvisionerSet With(params IEnumerable<string> drivers) => new(drivers.Append(OwnDriver).ToFrozenSet());

    /// <summary>Whether a driver is there.</summary>
    /// <param name="driver">The driver's name.</param>
    public bool Has(string driver) => drivers.Contains(driver);
}
