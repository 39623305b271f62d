using Google.Protobuf;
using Strake.Grpc;

namespace Strake.Csi;

/// <summary>
/// A proxy that does to a driver what networks, crashes and impatient orchestrators do: repeats calls, makes them twice at once, delays them so
/// that they overtake one another, and cuts them off in the middle, to repeat them then. The caller sees the last answer only.
/// </summary>
/// <param name="driver">The way to the driver; stays the caller's.</param>
/// <param name="random">What decides; with the same seed and the same calls one after another, the same happens.</param>
/// <param name="time">The clock of delays.</param>
/// <param name="onExchange">Told of each call once it is answered; by several at once.</param>
/// <param name="onBreach">Told of each rule that was broken; by several at once.</param>
public sealed class CsiTorture(GrpcChannel driver, Random random, TimeProvider time, Action<CsiExchange> onExchange, Action<CsiBreach> onBreach)
    : CsiProxy(driver, onExchange, onBreach)
{
    // A driver may say that a call for the volume is under way; how often that is taken for an answer.
    const int Patience = 200;

    static readonly TimeSpan s_longestDelay = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan s_longestCut = TimeSpan.FromMilliseconds(20);

    readonly Lock drawing = new();

    /// <inheritdoc/>
    protected override async Task<CsiExchange> PassAsync(CsiCall call, IMessage request, GrpcCallOptions options, CancellationToken cancellationToken)
    {
        await Task.Delay(Draw() * s_longestDelay, time, cancellationToken);
        if (!call.Changes) return await SendAsync(call, request, options, cancellationToken);
        return Draw() switch
        {
            < 0.25 => await RepeatAsync(call, request, options, cancellationToken),
            < 0.5 => await TwiceAsync(call, request, options, cancellationToken),
            < 0.75 => await CutAsync(call, request, options, cancellationToken),
            _ => await SettledAsync(call, request, options, cancellationToken),
        };
    }

    async Task<CsiExchange> RepeatAsync(CsiCall call, IMessage request, GrpcCallOptions options, CancellationToken cancellationToken)
    {
        CsiExchange first = await SettledAsync(call, request, options, cancellationToken);
        CsiExchange again = await SettledAsync(call, request, options, cancellationToken);
        Report(CsiRules.CheckRepeat(first, again, atOnce: false));
        return first;
    }

    async Task<CsiExchange> TwiceAsync(CsiCall call, IMessage request, GrpcCallOptions options, CancellationToken cancellationToken)
    {
        CsiExchange[] both = await Task.WhenAll(SendAsync(call, request, options, cancellationToken), SendAsync(call, request, options, cancellationToken));
        CsiExchange first = both[0].Status.Code is GrpcStatusCode.Ok ? both[0] : both[1];
        Report(CsiRules.CheckRepeat(first, first == both[0] ? both[1] : both[0], atOnce: true));
        return first.Status.Code is GrpcStatusCode.Aborted ? await SettledAsync(call, request, options, cancellationToken) : first;
    }

    async Task<CsiExchange> CutAsync(CsiCall call, IMessage request, GrpcCallOptions options, CancellationToken cancellationToken)
    {
        using (var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            cut.CancelAfter(Draw() * s_longestCut);
            CsiExchange first = await SendAsync(call, request, options, cut.Token);
            if (first.Status.Code is not (GrpcStatusCode.Cancelled or GrpcStatusCode.Aborted)) return first;
        }

        return await SettledAsync(call, request, options, cancellationToken);
    }

    // As an orchestrator: ABORTED means that the call is to be made again.
    async Task<CsiExchange> SettledAsync(CsiCall call, IMessage request, GrpcCallOptions options, CancellationToken cancellationToken)
    {
        CsiExchange exchange = await SendAsync(call, request, options, cancellationToken);
        for (int attempt = 0; exchange.Status.Code is GrpcStatusCode.Aborted && attempt < Patience; attempt++)
        {
            await Task.Delay(s_longestDelay, time, cancellationToken);
            exchange = await SendAsync(call, request, options, cancellationToken);
        }

        return exchange;
    }

    double Draw()
    {
        lock (drawing) return random.NextDouble();
    }
}
