using System.Globalization;
using System.Net.Http;
using System.Text.Json;
using Strake.Kubernetes.Pods.Probes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>What is done around a container's life: after its start, before its end. A command in it, a request to it, or a pause.</summary>
/// <remarks>A connection alone (<c>tcpSocket</c>) does nothing, as in Kubernetes, where it stands for documents of long ago.</remarks>
/// <param name="options">What the agent works with.</param>
sealed class LifecycleHook(PodAgentOptions options)
{
    /// <summary>Does it, where the container has such a hook.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="container">The container.</param>
    /// <param name="name"><c>postStart</c> or <c>preStop</c>.</param>
    /// <param name="run">The run of the container.</param>
    /// <param name="address">The pod's address.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What went wrong; null: nothing.</returns>
    public async Task<string?> RunAsync(Pod pod, PodContainer container, string name, string run, string address, CancellationToken cancellationToken)
    {
        JsonElement hook = container.Spec.At("lifecycle", name);
        try
        {
            if (hook.At("exec").Texts("command") is { Count: > 0 } command)
            {
                CommandOutcome outcome = await options.Runtime.ExecuteAsync(run, command, cancellationToken);
                return outcome.ExitCode == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"command exited with {outcome.ExitCode}: {outcome.Output}");
            }

            if (hook.At("httpGet") is { ValueKind: JsonValueKind.Object } get)
                return await ContainerRequest.GetAsync(container, get, pod.Spec.Flag("hostNetwork") ? "127.0.0.1" : address, cancellationToken) is { } status
                    ? string.Create(CultureInfo.InvariantCulture, $"the request was answered with {status}")
                    : null;
            if (hook.At("sleep").Number("seconds") is > 0 and var seconds) await Task.Delay(TimeSpan.FromSeconds(seconds), options.Time, cancellationToken);
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or StrakeException or UriFormatException)
        {
            return e.Message;
        }
    }
}
