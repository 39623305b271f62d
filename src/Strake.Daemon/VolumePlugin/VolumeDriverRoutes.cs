using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Strake.Daemon.DockerApi;
using Strake.Daemon.Server;
using Strake.Volumes;

namespace Strake.Daemon.VolumePlugin;

/// <summary>
/// The local volumes for other engines, over Docker's volume plugin protocol: what Docker or Podman makes here is a volume as any other, and
/// one that they have mounted is in use.
/// </summary>
/// <param name="volumes">The volumes.</param>
/// <remarks>docs.docker.com "plugins_volume". A mount's holder is the id that the engine gave it: see <see cref="ForeignHolder"/>.</remarks>
sealed class VolumeDriverRoutes(VolumeStore volumes)
{
    const string Driver = "local";
    const int MaxBytes = 1 << 20;

    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        Of("Plugin.Activate", static (_, _) => Task.FromResult(new AnswerBody { Implements = ["VolumeDriver"] })),
        Of("VolumeDriver.Capabilities", static (_, _) => Task.FromResult(new AnswerBody { Capabilities = new("local") })),
        Of("VolumeDriver.Create", CreateAsync),
        Of("VolumeDriver.Remove", RemoveAsync),
        Of("VolumeDriver.Mount", MountAsync),
        Of("VolumeDriver.Unmount", UnmountAsync),
        Of("VolumeDriver.Path", async (call, cancel) => new AnswerBody { Mountpoint = (await FindAsync(call, cancel)).Mountpoint }),
        Of("VolumeDriver.Get", async (call, cancel) => new AnswerBody { Volume = Encode(await FindAsync(call, cancel)) }),
        Of("VolumeDriver.List", async (_, cancel) => new AnswerBody { Volumes = [.. (await volumes.ListAsync(cancel)).Where(IsServed).Select(Encode)] }),
    ];

    async Task<AnswerBody> CreateAsync(CallBody call, CancellationToken cancellationToken)
    {
        await volumes.CreateAsync(
            new VolumeRequest(NameIn(call)) { Driver = Driver, DriverOptions = call.Opts ?? new Dictionary<string, string>() }, cancellationToken);
        return new AnswerBody();
    }

    async Task<AnswerBody> RemoveAsync(CallBody call, CancellationToken cancellationToken)
    {
        await FindAsync(call, cancellationToken);
        await volumes.RemoveAsync(NameIn(call), force: false, cancellationToken);
        return new AnswerBody();
    }

    async Task<AnswerBody> MountAsync(CallBody call, CancellationToken cancellationToken)
    {
        Volume volume = await FindAsync(call, cancellationToken);
        string holder = ForeignHolder.Of(call.ID ?? "");
        await volumes.Uses.AttachAsync(volume.Name, new Attachment(holder, "", ReadOnly: false), cancellationToken);
        try
        {
            return new AnswerBody { Mountpoint = await volumes.Uses.MountAsync(volume.Name, holder, CancellationToken.None) };
        }
        catch
        {
            await volumes.Uses.DetachAsync(volume.Name, holder, CancellationToken.None);
            throw;
        }
    }

    async Task<AnswerBody> UnmountAsync(CallBody call, CancellationToken cancellationToken)
    {
        Volume volume = await FindAsync(call, cancellationToken);
        string holder = ForeignHolder.Of(call.ID ?? "");
        await volumes.Uses.UnmountAsync(volume.Name, holder, CancellationToken.None);
        await volumes.Uses.DetachAsync(volume.Name, holder, CancellationToken.None);
        return new AnswerBody();
    }

    async Task<Volume> FindAsync(CallBody call, CancellationToken cancellationToken) =>
        await volumes.FindAsync(NameIn(call), cancellationToken) is { } volume && IsServed(volume)
            ? volume
            : throw StrakeException.NotFound($"get {call.Name}: no such volume");

    // What is another plugin's is served by that plugin: two engines in a circle would wait for one another.
    static bool IsServed(Volume volume) => volume.Driver == Driver;

    static string NameIn(CallBody call) => call.Name is { Length: > 0 } name ? name : throw StrakeException.Invalid("the call names no volume");

    static ServedVolumeBody Encode(Volume volume) => new(volume.Name, volume.Mountpoint, DockerTime.Format(volume.CreatedAt));

    static Route Of(string method, Func<CallBody, CancellationToken, Task<AnswerBody>> answer) => new("POST", "/" + method, exchange => AnswerAsync(exchange, answer));

    static async Task AnswerAsync(Exchange exchange, Func<CallBody, CancellationToken, Task<AnswerBody>> answer)
    {
        AnswerBody said;
        int status = StatusCodes.Status200OK;
        try
        {
            said = await answer(await ReadAsync(exchange), exchange.Aborted);
        }
        catch (StrakeException failed)
        {
            // An engine shows Err to its user, and looks no further.
            said = new AnswerBody { Err = failed.Message };
            status = StatusCodes.Status500InternalServerError;
        }

        await exchange.WriteJsonAsync(said, VolumeDriverJson.Default.AnswerBody, status);
    }

    // Engines differ in what they call the body's type, and some send none where there is nothing to say.
    static async Task<CallBody> ReadAsync(Exchange exchange)
    {
        using var body = new MemoryStream();
        byte[] buffer = new byte[4096];
        while (await exchange.Http.Request.Body.ReadAsync(buffer, exchange.Aborted) is > 0 and var count)
        {
            if (body.Length + count > MaxBytes)
                throw StrakeException.TooLarge($"the call is longer than {MaxBytes} bytes");
            body.Write(buffer, 0, count);
        }

        try
        {
            return body.Length == 0
                ? new CallBody(null, null, null)
                : JsonSerializer.Deserialize(body.GetBuffer().AsSpan(0, (int)body.Length), VolumeDriverJson.Default.CallBody) ?? new CallBody(null, null, null);
        }
        catch (JsonException malformed)
        {
            throw StrakeException.Invalid($"the call is no JSON: {malformed.Message}", malformed);
        }
    }
}
