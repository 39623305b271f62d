using System.Net.NetworkInformation;
using System.Net.Sockets;
using Strake.Daemon.DockerApi;
using Strake.Kubernetes.Controllers.Nodes;
using Strake.Kubernetes.Records;
using Strake.Linux;
using Strake.Volumes;

namespace Strake.Daemon.KubernetesApi.Pods;

/// <summary>Reads what the machine is, for its Node. What does not change is read once.</summary>
/// <param name="dataRoot">The file system that holds pods.</param>
/// <param name="csi">The CSI drivers of others.</param>
sealed class NodeReader(string dataRoot, CsiDrivers csi)
{
    readonly Lazy<NodeFacts> fixedFacts = new(() => ReadFixed(dataRoot));

    /// <summary>What the machine is now.</summary>
    public NodeFacts Read()
    {
        NodeFacts facts = fixedFacts.Value;
        return facts with { CsiDrivers = TextMap.Of(csi.All.Select(driver => KeyValuePair.Create(driver.Name, facts.Name)).Append(KeyValuePair.Create("strake.csi", facts.Name))) };
    }

    static NodeFacts ReadFixed(string dataRoot)
    {
        var host = new HostFacts();
        return new NodeFacts(
            host.Name.Node.ToLowerInvariant(), Environment.ProcessorCount, host.MemoryBytes, Syscall.StatFs(dataRoot).SizeBytes)
        {
            Address = FindAddress(),
            OperatingSystem = host.OperatingSystem,
            Kernel = host.Name.Release,
            Architecture = host.GoArchitecture,
            MachineId = ReadLine("/etc/machine-id"),
            BootId = ReadLine("/proc/sys/kernel/random/boot_id"),
            Version = Product.Version,
        };
    }

    // The address of the first interface that leads somewhere else.
    static string FindAddress()
    {
        foreach (NetworkInterface link in NetworkInterface.GetAllNetworkInterfaces().Where(static link => link.NetworkInterfaceType is not NetworkInterfaceType.Loopback))
        {
            IPInterfaceProperties properties = link.GetIPProperties();
            if (properties.GatewayAddresses.Count == 0) continue;
            if (properties.UnicastAddresses.FirstOrDefault(static address => address.Address.AddressFamily is AddressFamily.InterNetwork) is { } found)
                return found.Address.ToString();
        }

        return "127.0.0.1";
    }

    static string ReadLine(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : "";
}
