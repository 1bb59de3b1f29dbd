# bash completion of ovh-order(1)

_ovh_order()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local everywhere='--endpoint --config --ca-file --subsidiary --journal --timeout --json --table --verbose --version --help'
    local term='--duration --pricing-mode --range'
    local purchase='--yes --max-total --auto-pay --pay-later --waive-retraction --no-follow --wait'

    case $before in
        --endpoint)
            COMPREPLY=($(compgen -W 'ovh-eu ovh-ca ovh-us kimsufi-eu kimsufi-ca soyoustart-eu soyoustart-ca' -- "$word"))
            return ;;
        --range)
            COMPREPLY=($(compgen -W 'dedicated baremetalServers eco vps' -- "$word"))
            return ;;
        --config | --ca-file | --write-to)
            COMPREPLY=($(compgen -f -- "$word"))
            return ;;
        --journal)
            COMPREPLY=($(compgen -d -- "$word"))
            return ;;
        --duration)
            COMPREPLY=($(compgen -W 'P1M P12M P1Y' -- "$word"))
            return ;;
        --subsidiary | --timeout | --pricing-mode | --quantity | --option | --to | --set | --max-total | --wait | --since | --limit | \
            --method | --mean | --mean-id | --description | --redirect | --resume)
            return ;;
    esac

    # The command is made of the words that are no options nor their values.
    local command= i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
            --endpoint | --config | --ca-file | --subsidiary | --journal | --timeout) ((i++)) ;;
            -*) ;;
            cart | order)
                [[ -n $command ]] && break
                command=${COMP_WORDS[i]} ;;
            *)
                command=${command:+$command }${COMP_WORDS[i]}
                break ;;
        esac
    done

    local words=
    case $command in
        '') words='login catalog options cart add configure assign preview checkout order' ;;
        login) words='--check --write-to --redirect --no-browser --wait' ;;
        catalog) words='--range' ;;
        options) words="--cheapest $term" ;;
        cart) words='new show list clean' ;;
        'cart new') words='--description' ;;
        'cart clean') words='--description --yes' ;;
        add) words="$term --quantity --option --cheapest --to" ;;
        checkout) words=$purchase ;;
        order) words='list show follow pay dedicated' ;;
        'order list') words='--since --limit' ;;
        'order follow') words='--once --wait' ;;
        'order pay') words='--method --preferred --mean --mean-id' ;;
        'order dedicated') words="$term --quantity --option --cheapest --set --another --resume $purchase" ;;
        'cart show' | 'cart list' | configure | assign | preview | 'order show') ;;
    esac
    COMPREPLY=($(compgen -W "$words $everywhere" -- "$word"))
}

complete -F _ovh_order ovh-order
