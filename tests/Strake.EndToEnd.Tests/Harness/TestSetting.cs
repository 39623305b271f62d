namespace Strake.EndToEnd.Tests.Harness;

/// <summary>What the environment says about the engine under test and its input.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>STRAKE_TEST_PROGRAM</term><description>The executable; default: out/strake of the checkout.</description></item>
/// <item><term>STRAKE_TEST_IMAGES</term><description>Folder of eng/images/make; default: the newest in the cache.</description></item>
/// <item><term>STRAKE_TEST_HOST</term><description>An engine that runs already (unix://…), in place of one that the tests start: to see
/// that a test asks for what Docker does. Everything in that engine is up for removal.</description></item>
/// <item><term>STRAKE_TEST_HOST_ROOT</term><description>Where that engine's root directory is seen from here; default: /.</description></item>
/// <item><term>STRAKE_TEST_PATIENCE</term><description>By how much the tests' own time limits are longer than on an idle machine; default: 1.</description></item>
/// <item><term>STRAKE_TEST_PEER_ROOT</term><description>The root directory in which other engines (dockerd, podman) are installed, which tests
/// start for themselves; default: /. Nothing in it is changed.</description></item>
/// <item><term>STRAKE_TEST_BUILDX</term><description>The docker-buildx plugin; default: the one in the cache.</description></item>
/// <item><term>STRAKE_TEST_HOSTPATH, STRAKE_TEST_REGISTRAR</term><description>Programs of Kubernetes' own: the CSI driver hostpathplugin, and
/// csi-node-driver-registrar; without them, tests with those are left out.</description></item>
/// </list>
/// </remarks>
public static class TestSetting
{
    /// <summary>The address of an engine that runs already, or null.</summary>
    public static string? Host { get; } = Read("STRAKE_TEST_HOST");

    /// <summary>The factor of time limits.</summary>
    public static double Patience { get; } = double.Parse(Read("STRAKE_TEST_PATIENCE") ?? "1", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Where that engine's root directory is seen from here; empty where it is the same.</summary>
    public static string HostRoot { get; } = (Read("STRAKE_TEST_HOST_ROOT") ?? "").TrimEnd('/');

    /// <summary>The root directory in which other engines are installed, if they are.</summary>
    public static string PeerRoot { get; } = Read("STRAKE_TEST_PEER_ROOT") ?? "/";

    /// <summary>The executable under test.</summary>
    public static string Program { get; } = Read("STRAKE_TEST_PROGRAM") ?? Path.Combine(Checkout(), "out", "strake");

    /// <summary>The docker-buildx plugin, or null.</summary>
    public static string? Buildx { get; } =
        (Read("STRAKE_TEST_BUILDX") ?? Path.Combine(Read("STRAKE_CACHE") ?? "/var/cache/strake", "buildx", "docker-buildx")) is var path && File.Exists(path) ? path : null;

    /// <summary>The CSI driver hostpathplugin, or null.</summary>
    public static string? HostPathDriver { get; } = Read("STRAKE_TEST_HOSTPATH");

    /// <summary>The program csi-node-driver-registrar, or null.</summary>
    public static string? Registrar { get; } = Read("STRAKE_TEST_REGISTRAR");

    /// <summary>The path of an image's archive, e.g. <c>busybox.docker.tar</c>.</summary>
    public static string Image(string archive) => Path.Combine(s_images, archive);

    static readonly string s_images = Read("STRAKE_TEST_IMAGES")
        ?? Path.Combine(Read("STRAKE_CACHE") ?? "/var/cache/strake", "images", "current");

    static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    static string Checkout()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Strake.slnx"))) return folder;
        }
        throw new InvalidOperationException("the tests do not lie in a checkout: set STRAKE_TEST_PROGRAM");
    }
}
