using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Strake.Daemon.KubernetesApi;

/// <summary>The few services that Kestrel's HTTPS asks for, gathered without a host: it offers no other way.</summary>
/// <remarks><c>UseHttps</c> looks up a service of its own that only <c>UseKestrelHttpsConfiguration</c> registers, on a web host's builder.</remarks>
sealed class HttpsServices : IWebHostBuilder
{
    readonly ServiceCollection services = new();

    /// <summary>The services.</summary>
    /// <param name="logs">Where Kestrel logs.</param>
    public static ServiceProvider Make(Microsoft.Extensions.Logging.ILoggerFactory logs)
    {
        var builder = new HttpsServices();
        builder.services.AddSingleton(logs);
        builder.services.AddSingleton(typeof(Microsoft.Extensions.Logging.ILogger<>), typeof(Microsoft.Extensions.Logging.Logger<>));
        builder.services.AddSingleton<Microsoft.Extensions.Hosting.IHostEnvironment>(new BareEnvironment());
        builder.services.AddOptions();
        builder.services.AddMetrics();
        builder.UseKestrelCore();
        builder.UseKestrelHttpsConfiguration();
        return builder.services.BuildServiceProvider();
    }

    /// <inheritdoc/>
    public IWebHostBuilder ConfigureServices(Action<IServiceCollection> configureServices)
    {
        configureServices(services);
        return this;
    }

    /// <inheritdoc/>
    public IWebHostBuilder ConfigureServices(Action<WebHostBuilderContext, IServiceCollection> configureServices)
    {
        configureServices(new WebHostBuilderContext(), services);
        return this;
    }

    /// <inheritdoc/>
    public IWebHostBuilder ConfigureAppConfiguration(Action<WebHostBuilderContext, IConfigurationBuilder> configureDelegate) => this;

    /// <inheritdoc/>
    public string? GetSetting(string key) => null;

    /// <inheritdoc/>
    public IWebHostBuilder UseSetting(string key, string? value) => this;

#pragma warning disable ASPDEPR008 // The interface has it; nobody calls it.
    /// <inheritdoc/>
    public IWebHost Build() => throw new NotSupportedException("there is no web host");
#pragma warning restore ASPDEPR008
}
