using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Strake.Daemon.KubernetesApi;

/// <summary>The environment that Kestrel's HTTPS asks for, and of which it uses nothing.</summary>
sealed class BareEnvironment : IHostEnvironment
{
    /// <inheritdoc/>
    public string EnvironmentName { get; set; } = "Production";

    /// <inheritdoc/>
    public string ApplicationName { get; set; } = "strake";

    /// <inheritdoc/>
    public string ContentRootPath { get; set; } = "/";

    /// <inheritdoc/>
    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
