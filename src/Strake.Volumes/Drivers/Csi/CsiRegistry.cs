using System.Collections.Concurrent;
using Strake.Csi;
using Strake.Csi.Registration;
using Strake.Grpc;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>
/// The folder in which drivers register as they do with a kubelet: a registrar serves <c>pluginregistration.Registration</c> at a socket there,
/// is asked which driver it speaks for and where that is, and is told whether it was taken. When the socket goes, the driver does.
/// </summary>
/// <remarks>kubernetes <c>pkg/kubelet/pluginmanager</c>, kubernetes-csi/node-driver-registrar.</remarks>
/// <param name="folder">The folder; made where it is not there.</param>
/// <param name="drivers">Takes drivers.</param>
/// <param name="time">The clock.</param>
/// <param name="news">Told what becomes of registrations.</param>
sealed class CsiRegistry(string folder, CsiDrivers drivers, TimeProvider time, Action<string> news)
{
    const InotifyEvents Changes = InotifyEvents.Create | InotifyEvents.MovedTo | InotifyEvents.Delete | InotifyEvents.MovedFrom;

    readonly ConcurrentDictionary<string, CancellationTokenSource> registrations = new(StringComparer.Ordinal);

    /// <summary>Watches the folder until the token ends it. Never throws.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder, Permissions.Octal0700);
            using var inotify = new Inotify();
            // Before the look at what is there, so that nothing is missed in between.
            inotify.Watch(folder, Changes | InotifyEvents.OnlyDirectory);
            Look(cancellationToken);
            while (true)
            {
                foreach (InotifyEvent change in await inotify.ReadAsync(cancellationToken))
                    Follow(change, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            foreach (CancellationTokenSource registration in registrations.Values)
                await registration.CancelAsync();
        }
        catch (Exception failed) when (failed is LinuxException or IOException or UnauthorizedAccessException)
        {
            news($"no CSI driver can register: the folder {folder} cannot be watched: {failed.Message}");
        }
    }

    void Follow(InotifyEvent change, CancellationToken cancellationToken)
    {
        if (change.Events.HasFlag(InotifyEvents.Overflow))
            Look(cancellationToken);
        else if ((change.Events & (InotifyEvents.Delete | InotifyEvents.MovedFrom)) != InotifyEvents.None)
            End(change.Name);
        else if ((change.Events & (InotifyEvents.Create | InotifyEvents.MovedTo)) != InotifyEvents.None)
            Begin(change.Name, cancellationToken);
    }

    void Look(CancellationToken cancellationToken)
    {
        string[] there = [.. Directory.EnumerateFileSystemEntries(folder).Select(static path => Path.GetFileName(path)!)];
        foreach (string gone in registrations.Keys.Except(there))
            End(gone);
        foreach (string name in there.Where(name => !registrations.ContainsKey(name)))
            Begin(name, cancellationToken);
    }

    void Begin(string name, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, name);
        // As the kubelet: what is hidden, and what is no socket, is none of it.
        if (name.StartsWith('.') || !Syscall.TryStatAt(Syscall.WorkingDirectory, path, out FileStat stat) || stat.Kind is not FileKind.Socket)
            return;
        End(name);
        var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        registrations[name] = ended;
        _ = Task.Run(() => RegisterAsync(path, ended.Token), CancellationToken.None);
    }

    void End(string name)
    {
        if (registrations.TryRemove(name, out CancellationTokenSource? registration))
            registration.Cancel();
    }

    // From the socket's coming to its going.
    async Task RegisterAsync(string path, CancellationToken ended)
    {
        string? taken = null;
        string name = "";
        bool isTold = false;
        using var registrar = GrpcChannel.ToUnixSocket(path, new GrpcChannelOptions { Time = time });
        for (int attempt = 0; taken is null && !ended.IsCancellationRequested; attempt++)
        {
            try
            {
                PluginInfo info = await registrar.CallAsync(RegistrationMethods.GetInfo, new(), Options, ended);
                if (info.Type != RegistrationMethods.DriverType)
                    return;
                name = info.Name;
                string? wrong = await WrongAsync(info, ended);
                await registrar.CallAsync(RegistrationMethods.NotifyRegistrationStatus, new() { PluginRegistered = wrong is null, Error = wrong ?? "" }, Options, ended);
                if (wrong is null)
                    drivers.Arrive(name, taken = info.Endpoint);
                else
                    throw new GrpcException(GrpcStatusCode.FailedPrecondition, wrong);
            }
            catch (GrpcException failed)
            {
                if (!isTold && attempt > 2)
                    news($"a CSI driver that registers at {path} is not taken yet: {failed.Message}");
                isTold |= attempt > 2;
                await CsiIdentity.PauseAsync(attempt, time, ended);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
        }

        if (taken is null)
            return;
        await Task.Delay(Timeout.InfiniteTimeSpan, time, ended).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        drivers.Leave(name, taken);
    }

    static GrpcCallOptions Options { get; } = new() { Timeout = TimeSpan.FromSeconds(10) };

    // Null: nothing.
    async Task<string?> WrongAsync(PluginInfo info, CancellationToken cancellationToken)
    {
        if (!CsiDriverName.IsValid(info.Name))
            return $"\"{info.Name}\" is no name of a CSI driver";
        if (!info.SupportedVersions.Any(static version => version.TrimStart('v').Split('.')[0] == "1"))
            return $"CSI driver {info.Name} speaks versions {string.Join(", ", info.SupportedVersions)}, and 1 is spoken here";
        if (!info.Endpoint.StartsWith('/'))
            return $"CSI driver {info.Name}: its endpoint \"{info.Endpoint}\" is no path of a socket";
        try
        {
            string itself = await CsiIdentity.AskAsync(info.Endpoint, time, cancellationToken);
            return itself == info.Name ? null : $"CSI driver {info.Name}: the driver at {info.Endpoint} calls itself {itself}";
        }
        catch (CsiRefusalException silent)
        {
            return $"CSI driver {info.Name} at {info.Endpoint}: {silent.Message}";
        }
    }
}
