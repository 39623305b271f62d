using System.Diagnostics;
using Google.Protobuf;
using Strake.Grpc;

namespace Strake.Csi;

/// <summary>Stands in front of a driver: passes each call on, tells of it, and of the rules that its answer breaks.</summary>
/// <example><code>
/// var proxy = new CsiProxy(channel, exchange => log.Write(exchange), breach => Console.Error.WriteLine(breach));
/// var server = new GrpcServer(proxy.Handlers, new GrpcServerOptions());
/// </code></example>
public class CsiProxy
{
    readonly GrpcChannel driver;
    readonly Action<CsiExchange> onExchange;
    readonly Action<CsiBreach> onBreach;

    /// <summary>A proxy.</summary>
    /// <param name="driver">The way to the driver; stays the caller's.</param>
    /// <param name="onExchange">Told of each call once it is answered; by several at once.</param>
    /// <param name="onBreach">Told of each rule that was broken; by several at once.</param>
    public CsiProxy(GrpcChannel driver, Action<CsiExchange> onExchange, Action<CsiBreach> onBreach)
    {
        this.driver = driver;
        this.onExchange = onExchange;
        this.onBreach = onBreach;
    }

    /// <summary>What answers in the driver's place.</summary>
    public IReadOnlyList<GrpcHandler> Handlers => [.. CsiCalls.All.Select(call => call.AnsweredBy(AnswerAsync))];

    /// <summary>Carries one call out; a proxy that does more than pass it on overrides this.</summary>
    /// <param name="call">Which.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="options">What goes with it.</param>
    /// <param name="cancellationToken">The caller has given up.</param>
    /// <returns>What the caller is told.</returns>
    protected virtual Task<CsiExchange> PassAsync(CsiCall call, IMessage request, GrpcCallOptions options, CancellationToken cancellationToken) =>
        SendAsync(call, request, options, cancellationToken);

    /// <summary>Sends a call to the driver once, and looks at its answer.</summary>
    /// <inheritdoc cref="PassAsync"/>
    protected async Task<CsiExchange> SendAsync(CsiCall call, IMessage request, GrpcCallOptions options, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        IMessage? response = null;
        GrpcStatus status = GrpcStatus.Ok;
        try
        {
            response = await call.SendAsync(driver, request, options, cancellationToken);
        }
        catch (GrpcException refused)
        {
            status = refused.Status;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            status = new GrpcStatus(GrpcStatusCode.Cancelled, "the call was given up");
        }

        var exchange = new CsiExchange(call, request, response, status, Stopwatch.GetElapsedTime(begun));
        onExchange(exchange);
        Report(CsiRules.Check(exchange));
        return exchange;
    }

    /// <summary>Tells of broken rules.</summary>
    protected void Report(IEnumerable<CsiBreach> breaches)
    {
        foreach (CsiBreach breach in breaches) onBreach(breach);
    }

    async Task<IMessage> AnswerAsync(CsiCall call, IMessage request, GrpcServerCall caller)
    {
        CsiExchange exchange = await PassAsync(call, request, new GrpcCallOptions { Timeout = caller.Timeout }, caller.Cancelled);
        return exchange.Response ?? throw new GrpcException(exchange.Status);
    }
}
